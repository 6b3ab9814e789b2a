package violations.cosmos;

interface Homeless {}
