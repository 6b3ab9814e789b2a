/// Catalogs, merger trees and tables as physicists keep them, read into columns whose units are stated.
///
/// | to read | use |
/// |---|---|
/// | FOF and SUBFIND groups of Gadget, Arepo and CAMELS (HDF5) | [org.orrery.formats.Subfind], [org.orrery.formats.SubhaloLinks] |
/// | friends-of-friends groups of Gadget (binary), as Quijote has them | [org.orrery.formats.BinaryGroups] |
/// | halos of Rockstar and lists of consistent-trees (text) | [org.orrery.formats.Rockstar] |
/// | merger trees of consistent-trees and of Galacticus | [org.orrery.formats.ConsistentTrees], [org.orrery.formats.GalacticusTrees] |
/// | merger trees of the Millennium database and of SubLink | [org.orrery.formats.MillenniumTrees], [org.orrery.formats.SubLink] |
/// | merger trees of any of these formats | [org.orrery.formats.TreeFiles] |
/// | parameters of CAMELS | [org.orrery.formats.CamelsParameters] |
/// | any table as CSV or NumPy | [org.orrery.formats.CsvTable], [org.orrery.formats.NumPyTable] |
/// | any table as FITS or HDF5 | [org.orrery.formats.FitsFile], [org.orrery.formats.Hdf5File] |
/// | a table as a catalog or as trees | [org.orrery.formats.CatalogLayout], [org.orrery.formats.TreeLayout] |
///
/// A [org.orrery.formats.HaloCatalog] and a [org.orrery.formats.MergerForest] have lengths in comoving Mpc/h, masses in
/// M_sun/h and velocities in peculiar km/s, whatever the file has: readers convert by what the file states, or by what
/// its format is documented to have. Files are untrusted input: whatever is wrong with one is a
/// [org.orrery.io.FormatException] that names the file and the place, what came and what is required.
@NullMarked
package org.orrery.formats;

import org.jspecify.annotations.NullMarked;
