/// Deliberate violations, on which the rules of the architecture are seen to bite.
@NullMarked
package violations.tensor;

import org.jspecify.annotations.NullMarked;
