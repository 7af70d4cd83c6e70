"""Style sheet of the page: rules that the theme in .streamlit/config.toml cannot express.

The selectors rely on Streamlit's test ids and on the keys of our containers. If a Streamlit update breaks a rule, the
page looks plainer but keeps working.
"""

from __future__ import annotations

import streamlit as st

_AROUND_RESULT = "444px"  # total height of the elements above and below the result that should stay visible

_CSS = """
/* Page frame */
.stMainBlockContainer { max-width: 1440px; padding-inline: clamp(1rem, 3vw, 3rem); }
.st-key-title h1 { padding: 0; }
.st-key-title [data-testid="stMarkdown"] { padding-top: .4rem; }
[data-testid="stPageLink"] a { position: relative; left: -.5rem; }

/* Hide Streamlit's status widget, which has a Stop button, and keep a late live picture from fading. */
[data-testid="stStatusWidget"] { display: none; }
.st-key-easel [data-stale="true"] { opacity: 1; transition: none; }

/* The message about loaded settings stays visible until dismissed. */
[data-testid="stLayoutWrapper"]:has(> .st-key-arrival) { position: sticky; top: 3.75rem; z-index: 100; }
.st-key-arrival { filter: drop-shadow(0 .3rem .8rem rgb(0 0 0 / .2)); }
.st-key-arrival [data-testid="stAlertContainer"] { padding-bottom: 3.5rem; }
.st-key-settings-noted { align-self: flex-end; margin: -3.75rem .75rem 0 0; }

/* Galleries: a radio group as a grid of thumbnails */
[class*="st-key-gallery-"] [data-testid="stRadio"] { width: 100%; }
[class*="st-key-gallery-"] [data-testid="stRadioGroup"] {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(70px, 1fr)); gap: .7rem .6rem; align-items: start;
  width: 100%;
}
[class*="st-key-gallery-"] [data-testid="stRadioGroup"] > div { width: 100%; }
[class*="st-key-gallery-"] [data-testid="stRadioOption"] {
  display: block; position: relative; width: 100%; margin: 0; padding: 0; cursor: pointer;
}
[class*="st-key-gallery-"] [data-testid="stRadioOption"] > div { display: block; }
[class*="st-key-gallery-"] [data-testid="stRadioOption"] > div > div:first-child { display: none; }
[class*="st-key-gallery-"] [data-testid="stRadioOption"] p {
  font-size: .78rem; line-height: 1.2; text-align: center; margin: 0; overflow-wrap: anywhere;
}
[class*="st-key-gallery-"] [data-testid="stRadioOption"] img {
  display: block; width: 100%; height: auto; max-height: none; aspect-ratio: 1; object-fit: cover; margin: 0 0 .3rem;
  border-radius: .6rem; outline: 3px solid transparent; outline-offset: 2px;
}
[class*="st-key-gallery-"] [data-testid="stRadioOption"]:hover img { opacity: .85; }
[class*="st-key-gallery-"] [data-testid="stRadioOption"][data-selected] img { outline-color: #c4603f; }
[class*="st-key-gallery-"] [data-testid="stRadioOption"][data-selected] p { font-weight: 600; }
[class*="st-key-gallery-"] [data-testid="stRadioOption"][data-focus-visible] img { outline: 3px dashed currentColor; }

/* Uploads: a single row as drop target, without the list of formats */
[class*="st-key-add-"] [data-testid="stFileUploaderDropzone"] {
  padding: .35rem; min-height: 0; gap: .75rem; flex-direction: row; align-items: center; border-style: dashed;
}
[class*="st-key-add-"] [data-testid="stFileUploaderDropzoneInstructions"] > * { display: none; }
[class*="st-key-add-"] [data-testid="stFileUploaderDropzoneInstructions"]::after {
  content: "or drop a picture here"; font-size: .85rem; white-space: nowrap;
}

/* Streamlit names files of unsupported types; the error of the previous file is hidden meanwhile. */
[class*="st-key-gallery-"]:has([data-testid="stFileChipIconError"]) [class*="st-key-refused-"] {
  display: none;
}

/* The search field fills its row. */
[class*="st-key-search-"] > :has([data-testid="stTextInput"]) { flex: 1 1 140px; width: auto; }

/* Streamlit's captions are too faint on a light page. */
div[data-testid="stCaptionContainer"] { opacity: .75; }

/* Hide shortcuts on buttons: their tooltips name them. */
[data-has-shortcut] [aria-label^="Shortcut"] { display: none; }

/* The copy button is always visible, also on touch screens, and does not cover the text. */
.st-key-sharing [data-testid="stCode"] div:has([data-testid="stElementToolbarButton"]) {
  opacity: 1; visibility: visible; transform: none;
}
.st-key-sharing [data-testid="stCode"] pre { padding-right: 3.25rem; }

/* White text has too little contrast on the light primary color of the dark theme. */
:is(.st-key-start, .st-key-resume, .st-key-try-layers) button:enabled { color: light-dark(#fff, #171513) !important; }

/* Start or the run controls are one row, and the line below keeps its height, so that the picture does not move. */
.st-key-start-or-stop { flex-wrap: nowrap; }
.st-key-beside-start { min-height: 1.5rem; }

/* Advice moves the picture down, so keep it short: few lines, buttons side by side. */
[class*="st-key-advice-"] { padding: .6rem 1rem; }
[class*="st-key-advice-"] p { font-size: .9rem; line-height: 1.4; }
[class*="st-key-advice-"] > :first-child { flex: 1 1 18rem !important; }

/* Result view: a box of constant position and shape */
.st-key-status { min-height: 3.1rem; justify-content: center; }
.st-key-status p { font-size: .95rem; line-height: 1.45; }
.st-key-canvas { margin-inline: auto; }
.st-key-canvas img {
  display: block; border-radius: .6rem; object-fit: cover;
  box-shadow: 0 1px 3px rgb(0 0 0 / .18), 0 12px 32px -12px rgb(0 0 0 / .35);
}

@media (hover: none) {
  [class*="st-key-add-"] [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
}
@media (min-width: 901px) {
  /* The result view stays visible while the galleries scroll. */
  [data-testid="stColumn"]:has(.st-key-right) > div { position: sticky; top: 3rem; height: auto; }
  /* A lower header makes room for it. */
  [data-testid="stHeader"], [data-testid="stToolbar"] { height: 2.75rem; min-height: 0; }
  .stMainBlockContainer { padding-top: 3rem; }
  .st-key-beside-start button { min-height: 0; height: 1.5rem; }
}
@media (max-width: 640px) {
  /* Galleries, main settings, Start and result view follow each other without a gap; rarely used settings come last. */
  [data-testid="stHorizontalBlock"]:has(.st-key-right) { row-gap: 1rem; }
  [data-testid="stHorizontalBlock"]:has(.st-key-right) > [data-testid="stColumn"],
  [data-testid="stHorizontalBlock"]:has(.st-key-right) > [data-testid="stColumn"] > [data-testid="stVerticalBlock"] {
    display: contents;
  }
  [data-testid="stLayoutWrapper"]:has(> .st-key-more) { order: 1; }
  /* Reserve two lines for the run status, so that the picture does not move. */
  .st-key-beside-start { min-height: 2.75rem; flex-wrap: nowrap; gap: .5rem; }
  .st-key-beside-start [data-testid="stCaptionContainer"] p { font-size: .8rem; line-height: 1.4; }
  .st-key-status { min-height: 3.6rem; }
  .st-key-status p { font-size: .85rem; }
  .st-key-dials [data-testid="stHorizontalBlock"] { gap: 1rem 1.5rem; }
  .st-key-dials [data-testid="stColumn"] { flex: 1 1 40%; min-width: 40%; }
  .st-key-dials [data-testid="stColumn"]:has([class*="st-key-setting-strength"]) { flex-basis: 100%; }
  /* Columns are stacked: hide empty ones, which would leave a gap. */
  :is(.st-key-dials, .st-key-where) [data-testid="stColumn"]:not(:has([data-testid="stElementContainer"])) {
    display: none;
  }
  /* Galleries are strips to swipe. */
  [class*="st-key-gallery-"] [data-testid="stRadioGroup"] {
    display: flex; flex-wrap: nowrap; overflow-x: auto; padding: .4rem .4rem .6rem; scroll-padding: 0 .4rem;
    scroll-snap-type: x proximity;
  }
  [class*="st-key-gallery-"] [data-testid="stRadioGroup"] > div { flex: 0 0 88px; scroll-snap-align: start; }
}
"""


def apply_css() -> None:
    """Add the style sheet to the page."""
    st.html(f"<style>{_CSS}</style>")


def shape_result(size: tuple[int, int]) -> None:
    """Set the aspect ratio of the result view to that of `size`, (width, height) in pixels.

    The height is limited so that the Start button stays visible.
    """
    width, height = size
    room = f"max(280px, 100vh - {_AROUND_RESULT})"
    st.html(
        "<style>"
        f".st-key-canvas {{ width: min(100%, {room} * {width / height:.4f}); }}"
        f".st-key-canvas img {{ aspect-ratio: {width} / {height}; }}"
        "</style>"
    )
