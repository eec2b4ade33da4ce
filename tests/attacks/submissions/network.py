# ruff: noqa
"""Talk to the outside: TCP, UDP, names, unix sockets, a listener on this machine, the cluster's scheduler."""

import socket
import urllib.request

import torch

attempt("TCP", lambda: socket.create_connection(("127.0.0.1", int("@PORT@")), 1))
attempt("UDP", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"hi", ("127.0.0.1", int("@PORT@"))))
attempt("a name", lambda: checked(len(socket.getaddrinfo("example.org", 80)) or -1))
attempt("a unix socket", lambda: socket.socket(socket.AF_UNIX).connect("\0abstract"))
attempt("a socket pair", socket.socketpair)
attempt("a raw socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
attempt("the scheduler", lambda: urllib.request.urlopen("http://127.0.0.1:@PORT@/", timeout=1))


def masked_mean(values, mask):
    return torch.tensor(2.0)
