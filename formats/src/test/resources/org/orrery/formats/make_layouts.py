"""Writes layouts-old.hdf5 and layouts-new.hdf5: the same numbers in every layout that the reader knows, for Hdf5FileTest.

Needs h5py (3.7.0 was used): python3 make_layouts.py
"""
import h5py
import numpy as np

wide = np.arange(35, dtype="f8").reshape(7, 5)
long = np.arange(23, dtype="i8") * 3 - 5


def write(name, libver):
    with h5py.File(name, "w", libver=libver) as file:
        file.create_dataset("block", data=wide)
        file.create_dataset("chunks", data=wide, chunks=(3, 2))
        file.create_dataset("deflated", data=wide, chunks=(4, 3), compression="gzip", shuffle=True, fletcher32=True)
        file.create_dataset("growing", data=long, chunks=(4,), maxshape=(None,))
        file.create_dataset("both", data=wide, chunks=(2, 2), maxshape=(None, None))
        file.create_dataset("single", data=long, chunks=(23,), compression="gzip")
        file.create_dataset("big", data=long.astype(">i4"))
        file.create_dataset("half", data=wide.astype("f2"))
        file.create_dataset("float", data=wide.astype(">f4"))
        file.create_dataset("unsigned", data=np.array([0, 2**32 - 1], "u4"))
        file.create_dataset("huge", data=np.array([0, 2**64 - 1], "u8"))
        file.create_dataset("empty", shape=(0, 3), dtype="f4")
        file.create_dataset("scalar", data=4.5)
        file.create_dataset("cube", data=np.zeros((2, 2, 2)))
        file.create_dataset("words", data=np.array([b"ab", b"cd"]))
        file.create_dataset("lzf", data=long, chunks=(23,), compression="lzf")
        file.create_dataset("regions", data=np.array([file["block"].regionref[1:2]], dtype=h5py.regionref_dtype))
        file.create_dataset("objects", data=np.array([file["block"].ref], dtype=h5py.ref_dtype))
        kind = h5py.h5t.STD_I64LE.copy()
        kind.set_size(6)
        kind.set_precision(48)
        space = h5py.h5s.create_simple((23,))
        h5py.h5d.create(file.id, b"bits48", kind, space).write(h5py.h5s.ALL, h5py.h5s.ALL, long)
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        h5py.h5d.create(file.id, b"compact", h5py.h5t.STD_I64LE, space, compact).write(h5py.h5s.ALL, h5py.h5s.ALL, long)
        group = file.create_group("group")
        for i in range(12):
            group.create_dataset("member%d" % i, data=long[:2])
            group.attrs["number%d" % i] = i + 0.5
        group.attrs["text"] = np.bytes_("said")
        group.attrs["two"] = [1, 2]
        file["soft"] = h5py.SoftLink("/group/member3")
        file["circle"] = h5py.SoftLink("/circle")
        # an external link makes its group one of the new style
        file.create_group("links")["outside"] = h5py.ExternalLink("other.hdf5", "/block")


write("layouts-old.hdf5", "earliest")
write("layouts-new.hdf5", "latest")
