// The steps of a first visit, until they are put away: from then on this browser shows them no more.

const PLACE = "nst-studio-hint";

let away = remembered();

// What Streamlit calls with every run of the page.
export default ({ parentElement }) => {
  const hint = parentElement.querySelector(".hint");
  hint.hidden = away;
  hint.querySelector("button").onclick = () => {
    hint.hidden = away = true;
    remember();
  };
};

// A browser that keeps nothing for a page refuses: then the steps are away until the page is loaded again.
function remembered() {
  try {
    return localStorage.getItem(PLACE) !== null;
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(PLACE, "away");
  } catch {
    return;
  }
}
