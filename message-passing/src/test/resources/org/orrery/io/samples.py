"""Writes the samples beside it: python3 samples.py, with PyTorch 2.13 and NumPy 2.4."""
import argparse
import collections
import copyreg

import numpy
import torch


class StateDict(collections.OrderedDict):
    pass


StateDict.__module__ = "net"  # the reader has no such class
copyreg.pickle(StateDict, lambda state: (StateDict, (), None, None, iter(state.items())))

weight = torch.arange(6, dtype=torch.float32).reshape(2, 3)
marked = torch.arange(2.0)
marked.note = "an attribute"
state = {
    "weight": weight,
    "transposed": weight.t(),
    "parameter": torch.nn.Parameter(torch.full((2,), 0.5, dtype=torch.float64)),
    "expanded": torch.arange(3, dtype=torch.int16).expand(2, 3),
    "windows": torch.arange(4, dtype=torch.uint8).unfold(0, 3, 1),
    "marked": marked,
    "u16": torch.tensor([1, 65535], dtype=torch.uint16),
    "u32": torch.tensor([1, 4294967295], dtype=torch.uint32),
    "u64": torch.tensor([1, 2**63 + 2**40], dtype=torch.uint64),
    "half": torch.tensor([1.5], dtype=torch.float16),
    "brain": torch.tensor([1.5], dtype=torch.bfloat16),
    "none": torch.zeros(0, 4),
    "epoch": 7,
    "seed": 2**70,
    "args": argparse.Namespace(rate=0.1),
    "scalar": numpy.float64(0.25),
    "array": numpy.arange(3),
    "counts": collections.defaultdict(int, a=1),
    "subclass": StateDict(a=weight),
    "device": torch.device("cpu"),
    "type": torch.float32,
    "function": torch.nn.functional.relu,
    "set": {1, 2},
    "complex": torch.zeros(2, dtype=torch.complex64),
    "sparse": torch.eye(2).to_sparse(),
    "quantized": torch.quantize_per_tensor(weight, 0.5, 1, torch.qint8),
}


def save(value, name, zipped=True):
    import pickle

    class Pickler(pickle._Pickler):  # which does not ask whether net.StateDict can be imported
        def save_global(self, obj, name=None):
            if obj is StateDict:
                self.write(b"cnet\nStateDict\n")
                self.memoize(obj)
            else:
                super().save_global(obj, name)

        dispatch = dict(pickle._Pickler.dispatch)
        dispatch[type] = lambda self, obj: (
            self.save_global(obj) if obj is StateDict else pickle._Pickler.save_type(self, obj)
        )

    class Module:
        pass

    module = Module()
    module.__name__ = "samples"
    module.Pickler = Pickler
    module.dump = pickle.dump
    torch.save(value, name, pickle_module=module, _use_new_zipfile_serialization=zipped)


save(state, "objects.pt")
save(state, "objects-legacy.pt", zipped=False)
torch.save({"plain": weight, "turned": torch.tensor([1 + 2j, 3 - 4j]).conj().imag}, "negative.pt")
bits = torch.arange(256, dtype=torch.uint8)
small = {kind: bits.view(getattr(torch, kind)) for kind in ("float8_e4m3fn", "float8_e5m2")}
torch.save({"small": small, "float": {kind: value.float() for kind, value in small.items()}}, "float8.pt")
