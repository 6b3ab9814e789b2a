package org.orrery.tensor.cpu.loops;

/// The kernels with the Vector API. Loaded only where its module is present; nothing here mentions a vector, so that the
/// check can come first.
public final class VectorLoops implements Loops {
  private final ElementwiseLoops elementwise = new VectorElementwise();
  private final ProductTiles tiles = new VectorTiles();
  private final SegmentLoops segments = new VectorSegments();
  private final RowLoops rows = new VectorRows();
  private final ColumnLoops columns = new VectorColumns();
  private final WindowLoops windows = new VectorWindows();
  private final CellLoops cells = new VectorCells();
  private final RunReductions runs = new VectorRuns();

  @Override
  public String description() {
    return "vector kernels, " + Lanes.LANES * Float.SIZE + " bit (" + Lanes.LANES + " floats)";
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
