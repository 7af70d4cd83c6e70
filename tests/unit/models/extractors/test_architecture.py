import subprocess
import sys

import pytest

from nst.errors import SettingsError
from nst.models.extractors.lite import LITE
from nst.models.extractors.vgg19 import VGG19


def test_vgg19_has_the_sixteen_convolutions_of_the_paper():
    assert len(VGG19.layers) == 16
    assert VGG19.layers[:3] == ("block1_conv1", "block1_conv2", "block2_conv1")
    assert VGG19.layers[-1] == "block5_conv4"
    numbers = sum(h * w * i * o + o for h, w, i, o in VGG19.kernel_shapes().values())
    assert numbers == 20_024_384  # as keras.io lists it without the classifier


def test_shapes_end_at_the_deepest_layer():
    assert list(VGG19.kernel_shapes("block2_conv1")) == ["block1_conv1", "block1_conv2", "block2_conv1"]
    assert VGG19.kernel_shapes("block2_conv1")["block2_conv1"] == (3, 3, 64, 128)


def test_deepest_goes_by_depth_not_by_order():
    assert VGG19.deepest(["block3_conv4", "block5_conv1", "block1_conv2"]) == "block5_conv1"


@pytest.mark.parametrize("network", [VGG19, LITE])
def test_default_layers_exist(network):
    network.check_layers(name for name, _ in network.content_layers + network.style_layers)


def test_unknown_layer_is_named_with_those_there_are():
    with pytest.raises(SettingsError, match=r"lite has no layer 'block9_conv1'.*block1_conv1.*block4_conv3"):
        LITE.check_layers(["block1_conv1", "block9_conv1"])


def test_describing_and_finding_networks_does_not_wait_for_tensorflow():
    code = (
        "import sys; import nst.models.precision; from nst.models.extractors import networks; networks.choose('lite');"
        "sys.exit(' '.join({'tensorflow', 'keras', 'h5py', 'pooch'} & sys.modules.keys()) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
