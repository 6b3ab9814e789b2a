package org.orrery.formats;

import io.jhdf.FractalHeap;
import io.jhdf.GroupSymbolTableNode;
import io.jhdf.LocalHeap;
import io.jhdf.ObjectHeader;
import io.jhdf.Superblock;
import io.jhdf.SymbolTableEntry;
import io.jhdf.btree.BTreeV1;
import io.jhdf.btree.BTreeV2;
import io.jhdf.btree.record.AttributeNameForIndexedAttributesRecord;
import io.jhdf.btree.record.LinkNameForIndexedGroupRecord;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.AttributeInfoMessage;
import io.jhdf.object.message.AttributeMessage;
import io.jhdf.object.message.LinkInfoMessage;
import io.jhdf.object.message.LinkMessage;
import io.jhdf.object.message.SymbolTableMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The links of a group: names and addresses, without a look at what stands there. jHDF's own groups load all their
/// members at once, so that one of a type that it does not know hides the others.
final class Hdf5Links {
  private static final long UNDEFINED = -1;
  private static final int MOST = 100_000;

  private Hdf5Links() {
  }

  /// Where a link leads.
  ///
  /// @param address of an object, or -1
  /// @param path of a link within the file, or empty
  record Target(long address, String path) {
  }

  /// The address of the group that everything is in.
  static long root(Hdf5Storage storage) {
    return switch (storage.getSuperblock()) {
      case Superblock.SuperblockV0V1 old -> new SymbolTableEntry(storage,
          old.getRootGroupSymbolTableAddress() - old.getBaseAddressByte()).getObjectHeaderAddress();
      case Superblock.SuperblockV2V3 recent -> recent.getRootGroupObjectHeaderAddress();
      default -> throw new HdfException("version " + storage.getSuperblock().getVersionOfSuperblock());
    };
  }

  static Map<String, Target> of(Hdf5Storage storage, long address) {
    ObjectHeader header = ObjectHeader.readObjectHeader(storage, address);
    Map<String, Target> links = new LinkedHashMap<>();
    if (header.hasMessageOfType(SymbolTableMessage.class)) {
      symbols(storage, header.getMessageOfType(SymbolTableMessage.class), links);
    } else {
      messages(storage, header, links);
    }
    return links;
  }

  private static void symbols(Hdf5Storage storage, SymbolTableMessage table, Map<String, Target> links) {
    ByteBuffer names = new LocalHeap(storage, table.getLocalHeapAddress()).getDataBuffer();
    for (long node : BTreeV1.createGroupBTree(storage, table.getBTreeAddress()).getChildAddresses()) {
      for (SymbolTableEntry entry : new GroupSymbolTableNode(storage, node).getSymbolTableEntries()) {
        boolean isSoft = entry.getCacheType() == 2;
        put(links, name(names, entry.getLinkNameOffset()),
            isSoft
                ? new Target(UNDEFINED, name(names, entry.getLinkValueOffset()))
                : new Target(entry.getObjectHeaderAddress(), ""));
      }
    }
  }

  private static String name(ByteBuffer names, int offset) {
    int end = offset;
    while (names.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - offset];
    names.get(offset, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void messages(Hdf5Storage storage, ObjectHeader header, Map<String, Target> links) {
    List<LinkMessage> found = new ArrayList<>(header.getMessagesOfType(LinkMessage.class));
    if (header.hasMessageOfType(LinkInfoMessage.class)) {
      LinkInfoMessage info = header.getMessageOfType(LinkInfoMessage.class);
      if (info.getBTreeNameIndexAddress() != UNDEFINED) {
        FractalHeap heap = new FractalHeap(storage, info.getFractalHeapAddress());
        for (LinkNameForIndexedGroupRecord link : new BTreeV2<LinkNameForIndexedGroupRecord>(storage,
            info.getBTreeNameIndexAddress()).getRecords()) {
          found.add(LinkMessage.fromBuffer(heap.getId(link.getId()), storage.getSuperblock()));
        }
      }
    }
    for (LinkMessage link : found) {
      switch (link.getLinkType()) {
        case HARD -> put(links, link.getLinkName(), new Target(link.getHardLinkAddress(), ""));
        case SOFT -> put(links, link.getLinkName(), new Target(UNDEFINED, link.getSoftLink()));
        case EXTERNAL -> put(links, link.getLinkName(), new Target(UNDEFINED, ""));
      }
    }
  }

  private static void put(Map<String, Target> links, String name, Target target) {
    links.put(name, target);
    if (links.size() > MOST) {
      throw new HdfException("a group of more than " + MOST + " members");
    }
  }

  static List<AttributeMessage> attributes(Hdf5Storage storage, long address) {
    ObjectHeader header = ObjectHeader.readObjectHeader(storage, address);
    List<AttributeMessage> found = new ArrayList<>(header.getMessagesOfType(AttributeMessage.class));
    if (header.hasMessageOfType(AttributeInfoMessage.class)) {
      AttributeInfoMessage info = header.getMessageOfType(AttributeInfoMessage.class);
      if (info.getFractalHeapAddress() != UNDEFINED) {
        FractalHeap heap = new FractalHeap(storage, info.getFractalHeapAddress());
        for (AttributeNameForIndexedAttributesRecord record : new BTreeV2<AttributeNameForIndexedAttributesRecord>(
            storage, info.getAttributeNameBTreeAddress()).getRecords()) {
          found.add(new AttributeMessage(heap.getId(record.getHeapId()), storage, record.getFlags()));
        }
      }
    }
    return found;
  }
}
