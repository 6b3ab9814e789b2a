package org.orrery.tensor.cpu.loops;

/// The kernels in plain Java, for a machine without the vector module and as the yardstick of [VectorLoops].
public final class ScalarLoops implements Loops {
  private final ElementwiseLoops elementwise = new ScalarElementwise();
  private final ProductTiles tiles = new ScalarTiles();
  private final SegmentLoops segments = new ScalarSegments();
  private final RowLoops rows = new ScalarRows();
  private final ColumnLoops columns = new ScalarColumns();
  private final WindowLoops windows = new ScalarWindows();
  private final CellLoops cells = new ScalarCells();
  private final RunReductions runs = new ScalarRuns();

  @Override
  public String description() {
    return "scalar kernels";
  }

  @Override
  public ElementwiseLoops elementwise() {
    return elementwise;
  }

  @Override
  public ProductTiles tiles() {
    return tiles;
  }

  @Override
  public SegmentLoops segments() {
    return segments;
  }

  @Override
  public RowLoops rows() {
    return rows;
  }

  @Override
  public ColumnLoops columns() {
    return columns;
  }

  @Override
  public CellLoops cells() {
    return cells;
  }

  @Override
  public RunReductions runs() {
    return runs;
  }

  @Override
  public WindowLoops windows() {
    return windows;
  }
}
