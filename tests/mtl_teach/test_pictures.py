"""How pictures stand in a page, and that what tells their series apart outlives the dark theme."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from mtl_teach.figures import STYLES
from mtl_teach.pictures import as_html

PAGE = "#121212"  # of the dark theme
# CSS: the matrix of `hue-rotate(180deg)`, and what each of the three kinds of colour blindness sees (Machado 2009)
HUE = np.array([[-0.574, 1.430, 0.144], [0.426, 0.430, 0.144], [0.426, 1.430, -0.856]])
EYES = {
    "all colours": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.052]]
    ),
    "no green": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.969]]),
    "no blue": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691, 0.3039]]),
}


def dark(colour):
    """A colour as the filter shows it: `invert(.93)`, then `hue-rotate(180deg)`."""
    return np.clip(HUE @ (0.93 - 0.86 * np.array(to_rgb(colour))), 0, 1)


def linear(rgb):
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    bright, dim = sorted((float(linear(c) @ (0.2126, 0.7152, 0.0722)) for c in (one, other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_a_picture_carries_its_data_its_description_and_the_way_into_the_dark():
    page = as_html(b"\x89PNG", 'A "finding" & <more>', "20em")
    assert '<img class="mtl-figure" src="data:image/png;base64,iVBORw==" ' in page
    assert 'alt="A &quot;finding&quot; &amp; &lt;more&gt;" style="max-width:20em;height:auto">' in page
    assert 'body[data-jp-theme-light="false"]' in page
    assert "filter: invert(.93) hue-rotate(180deg);" in page


def test_white_becomes_the_dark_page_and_black_text_can_be_read_on_it():
    assert np.allclose(dark("white"), to_rgb(PAGE), atol=0.005)
    assert contrast(dark("black"), np.array(to_rgb(PAGE))) > 12


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.colour)
def test_every_series_stands_out_from_the_dark_page(style):
    assert contrast(dark(style.colour), np.array(to_rgb(PAGE))) >= 3


@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
def test_any_two_series_differ_in_the_dark_whatever_colours_somebody_sees(eye):
    seen = [np.clip(eye @ linear(dark(style.colour)), 0, 1) for style in STYLES]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 0.05
