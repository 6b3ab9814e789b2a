package violations.graph;

interface GraphUtils {}
