package org.orrery.examples.karate;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jgrapht.generate.NamedGraphGenerator;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleGraph;
import org.orrery.graph.Graph;
import org.orrery.graph.JGraphT;
import org.orrery.graph.Level;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// The 34 members of a karate club who met outside the club (78 ties), and the side each took when it split: the
/// instructor's (0) or the administrator's (1). Zachary 1977; the ties are JGraphT's.
public final class KarateClub {
  /// The name of the labels: the side that each member took.
  public static final String FACTION = "faction";
  /// The name of the mask of the two members whose sides are labeled.
  public static final String LABELED = "labeled";

  /// The paper's number of the instructor, Mr Hi.
  static final int INSTRUCTOR = 1;
  /// The paper's number of the administrator, John A.
  static final int ADMINISTRATOR = 34;

  private static final Set<Integer> WITH_INSTRUCTOR = Set.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22);

  /// The paper's numbers of the members in the order in which JGraphT's generator makes its vertices.
  private static final List<Integer> ORDER = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32, 31, 10,
      28, 29, 33, 17, 34, 15, 16, 19, 21, 23, 24, 26, 30, 25, 27);

  private final Graph graph;
  private final int[] numbers;

  private KarateClub(Graph graph, int[] numbers) {
    this.graph = graph;
    this.numbers = numbers;
  }

  /// The club. Nodes have no features of their own: each is a unit vector `[34, 34]`.
  public static KarateClub create() {
    Iterator<Integer> names = ORDER.iterator();
    SimpleGraph<Integer, DefaultEdge> ties = new SimpleGraph<>(names::next, DefaultEdge::new, false);
    new NamedGraphGenerator<Integer, DefaultEdge>().generateZacharyKarateClubGraph(ties);
    JGraphT.Imported<Integer, DefaultEdge> imported = JGraphT.of(ties);
    int[] numbers = imported.vertices().stream().mapToInt(Integer::intValue).toArray();
    int[] factions = Arrays.stream(numbers).map(number -> WITH_INSTRUCTOR.contains(number) ? 0 : 1).toArray();
    Graph graph = Graph.builder(imported.sparse())
        .nodes(Tensor.identity(numbers.length))
        .labels(FACTION, Level.NODE, Indices.of(factions))
        .mask(LABELED, Level.NODE, Indices.of(imported.row(INSTRUCTOR), imported.row(ADMINISTRATOR)))
        .build();
    return new KarateClub(graph, numbers);
  }

  /// Ties in both directions, labels [#FACTION] and mask [#LABELED].
  public Graph graph() {
    return graph;
  }

  /// The paper's number of a node, 1 to 34.
  public int number(int node) {
    return numbers[node];
  }
}
