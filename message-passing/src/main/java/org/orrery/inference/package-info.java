/// Inference of parameters: posterior heads on any network, and the diagnostics that say whether to believe them.
///
/// | to | use |
/// |---|---|
/// | give a network a normal posterior | [org.orrery.inference.GaussianHead], with a diagonal or a full covariance |
/// | learn mean and standard deviation without a form of the density | [org.orrery.inference.MomentHead] |
/// | describe several modes | [org.orrery.inference.MixtureHead] |
/// | describe any smooth density, with exact densities and draws | [org.orrery.inference.FlowHead] |
/// | train a head on summaries that are there | [org.orrery.inference.HeadTraining] |
/// | train a network to the mean first, then a head on its numbers | [org.orrery.inference.Compression] |
/// | join several models | [org.orrery.inference.Ensemble] |
/// | read moments, intervals, densities and draws | [org.orrery.inference.Posterior] |
/// | make a posterior by hand | [org.orrery.inference.GaussianMixture] |
/// | take draws from elsewhere, as of a Markov chain | [org.orrery.inference.DrawnPosterior] |
/// | state a uniform prior, cut a posterior to it | [org.orrery.inference.PriorBox], [org.orrery.inference.Posterior#within] |
/// | draw contours of two parameters | [org.orrery.inference.DensityGrid] |
/// | lay posteriors beside the truth | [org.orrery.inference.Predictions] |
/// | see how often intervals hold the truth | [org.orrery.inference.Coverage] |
/// | tell a bias from a wrong width | [org.orrery.inference.Pit] |
/// | compare errors with their stated size | [org.orrery.inference.ReducedChiSquared] |
/// | test posteriors in several dimensions by draws alone | [org.orrery.inference.Tarp] |
/// | rank truths among draws (simulation-based calibration) | [org.orrery.inference.Sbc] |
/// | score posterior means: R2, RMSE, bias, relative error | [org.orrery.inference.Score] |
/// | compare a model with a baseline on the same examples | [org.orrery.inference.PairedBootstrap] |
/// | see whether an observation looks like the simulations | [org.orrery.inference.Misspecification] |
/// | see whether simulations at the posterior look like the observation | [org.orrery.inference.PosteriorPredictive] |
/// | mend a wrong width | [org.orrery.inference.CalibrationFactor] |
///
/// What is random takes a [org.orrery.tensor.Key]; results are the same for any number of threads. Nothing leaves examples out.
@NullMarked
package org.orrery.inference;

import org.jspecify.annotations.NullMarked;
