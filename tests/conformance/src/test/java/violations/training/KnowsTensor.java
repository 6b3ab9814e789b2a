package violations.training;

/// Called like another public type.
public record KnowsTensor() {}
