package org.orrery.formats;

import io.jhdf.Superblock;
import io.jhdf.exceptions.HdfException;
import io.jhdf.storage.HdfBackingStorage;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/// The bytes that jHDF reads. Nothing is copied, so that a length that a broken file states costs no memory, and the
/// reads are counted, so that structures that lead back into themselves end.
final class Hdf5Storage implements HdfBackingStorage {
  private static final long READS = 1_000_000;
  private static final long BYTES_A_READ = 64;
  private static final int SIGNATURE = 8;
  private static final int SUPERBLOCK = 1 << 12;
  private static final long FIRST_USER_BLOCK = 512;
  private static final long FORMAT = 0x0a1a0a0d46444889L; // "\211HDF\r\n\032\n", little-endian

  private final MemorySegment file;
  private final Superblock superblock;
  private long left;

  private Hdf5Storage(MemorySegment file, Superblock superblock) {
    this.file = file;
    this.superblock = superblock;
    this.left = READS + file.byteSize() / BYTES_A_READ;
  }

  /// @throws HdfException where this is no HDF5 file
  static Hdf5Storage of(MemorySegment file) {
    for (long offset = 0; offset + SIGNATURE <= file.byteSize(); offset = offset == 0 ? FIRST_USER_BLOCK : 2 * offset) {
      ByteBuffer begin = slice(file, offset, Math.min(SUPERBLOCK, file.byteSize() - offset));
      if (begin.getLong(0) == FORMAT) {
        // the superblock counts its own address from the start of the buffer
        ByteBuffer all = slice(file, 0, Math.min(Integer.MAX_VALUE, Math.min(offset + SUPERBLOCK, file.byteSize())));
        all.position(Math.toIntExact(offset));
        Superblock superblock = Superblock.readSuperblock(all);
        if (superblock.getBaseAddressByte() != offset) {
          throw new HdfException("the superblock at " + offset + " says that it is at "
              + superblock.getBaseAddressByte());
        }
        return new Hdf5Storage(file, superblock);
      }
    }
    throw new HdfException("the signature of HDF5 is missing");
  }

  private static ByteBuffer slice(MemorySegment file, long address, long length) {
    return file.asSlice(address, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public ByteBuffer readBufferFromAddress(long address, int length) {
    return map(address, length);
  }

  @Override
  public ByteBuffer map(long address, long length) {
    return mapNoOffset(Math.addExact(address, superblock.getBaseAddressByte()), length);
  }

  @Override
  public synchronized ByteBuffer mapNoOffset(long address, long length) {
    if (--left < 0) {
      throw new HdfException("its structures take more reads than a file of " + file.byteSize() + " bytes may");
    }
    if (address < 0 || length < 0 || length > file.byteSize() - address) {
      throw new HdfException(length + " bytes at " + address + " are outside its " + file.byteSize());
    }
    return slice(file, address, length);
  }

  @Override
  public long getUserBlockSize() { return superblock.getBaseAddressByte(); }

  @Override
  public Superblock getSuperblock() { return superblock; }

  @Override
  public FileChannel getFileChannel() {
    throw new UnsupportedOperationException("HDF5: a channel; bytes in memory are required");
  }

  @Override
  public int getSizeOfOffsets() { return superblock.getSizeOfOffsets(); }

  @Override
  public int getSizeOfLengths() { return superblock.getSizeOfLengths(); }

  @Override
  public void close() {
    // the arena of the segment is the file's
  }

  @Override
  public long size() {
    return file.byteSize();
  }

  @Override
  public boolean inMemory() {
    return true;
  }
}
