"""Small weights in each kind of file that people have, written by Keras, h5py and NumPy."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np

from nst.models.extractors.architecture import Architecture

Weights = dict[str, tuple[np.ndarray, np.ndarray]]

TINY = Architecture(
    name="tiny",
    blocks=((4, 2), (5, 1)),
    bgr=False,
    scale=1.0,
    mean=(0.0, 0.0, 0.0),
    padding="zero",
    content_layers=(("block1_conv2", 1.0),),
    style_layers=(("block1_conv1", 1.0),),
)


def keras_model(weights: Weights) -> keras.Model:
    """A model of Keras with a classifier, named as VGG is."""
    names = iter(weights)
    x = inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3, padding="same", name=next(names))(x)
    x = keras.layers.Conv2D(4, 3, padding="same", name=next(names))(x)
    x = keras.layers.MaxPooling2D(name="block1_pool")(x)
    x = keras.layers.Conv2D(5, 3, padding="same", name=next(names))(x)
    x = keras.layers.Dense(7, name="predictions")(keras.layers.Flatten(name="flatten")(x))
    model = keras.Model(inputs, x)
    for name, pair in weights.items():
        model.get_layer(name).set_weights(pair)
    return model


def whole_keras_file(path: Path, weights: Weights) -> None:
    """A compiled and trained model: its file has the optimizer's arrays under the layers' names too."""
    model = keras_model(weights)
    model.compile("adam", "mse")
    model.fit(np.zeros((1, 8, 8, 3)), np.zeros((1, 7)), verbose=0)
    for name, pair in weights.items():
        model.get_layer(name).set_weights(pair)
    model.save(path)


def keras_weights_file(path: Path, weights: Weights) -> None:
    keras_model(weights).save_weights(path)


def early_keras_file(path: Path, weights: Weights) -> None:
    """As the first versions of Keras 3 wrote it: groups are numbered, and their layers' names not beside them."""
    modern = path.with_name("modern.keras")
    keras_model(weights).save(modern)
    store = io.BytesIO()
    with zipfile.ZipFile(modern) as archive, h5py.File(store, "w") as file:
        for i, name in enumerate(weights):
            for j, array in enumerate(weights[name]):
                file[f"layers/conv2d{f'_{i}' if i else ''}/vars/{j}"] = array
        config = archive.read("config.json")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", config)
        archive.writestr("model.weights.h5", store.getvalue())


def applications_file(path: Path, weights: Weights) -> None:
    """As the files of Keras Applications are, with a classifier."""
    with h5py.File(path, "w") as file:
        for name, (kernel, bias) in weights.items():
            file[f"{name}/{name}_W_1:0"], file[f"{name}/{name}_b_1:0"] = kernel, bias
        file.create_group("block1_pool")
        file["fc1/fc1_W_1:0"] = np.ones((20, 7), "f4")


def nested_file(path: Path, weights: Weights) -> None:
    """A network inside a model inside a file of Keras 2, with the optimizer's arrays under the same names."""
    with h5py.File(path, "w") as file:
        for name, (kernel, bias) in weights.items():
            file[f"model_weights/vgg19/{name}/kernel:0"], file[f"model_weights/vgg19/{name}/bias:0"] = kernel, bias
            file[f"optimizer_weights/Adam/{name}/kernel/m:0"] = np.zeros_like(kernel)


def npz_file(path: Path, weights: Weights) -> None:
    pairs = {f"{n}/kernel": kernel for n, (kernel, _) in weights.items()}
    np.savez_compressed(path, allow_pickle=False, **pairs, **{f"{n}/bias": bias for n, (_, bias) in weights.items()})


KINDS: dict[str, Callable[[Path, Weights], None]] = {
    "whole.keras": whole_keras_file,
    "whole.h5": whole_keras_file,
    "modern.weights.h5": keras_weights_file,
    "early.keras": early_keras_file,
    "applications.h5": applications_file,
    "nested.h5": nested_file,
    "arrays.npz": npz_file,
}
