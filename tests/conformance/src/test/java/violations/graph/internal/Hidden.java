package violations.graph.internal;

interface Hidden {}
