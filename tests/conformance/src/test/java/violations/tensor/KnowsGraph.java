package violations.tensor;

import violations.graph.KnowsTensor;

record KnowsGraph(KnowsTensor upwards) {}
