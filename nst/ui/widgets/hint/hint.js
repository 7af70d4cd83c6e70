// First steps, shown in this browser until they are hidden.

const PLACE = "nst-studio-hint";

let away = remembered();

// Called by Streamlit on every page run.
export default ({ parentElement }) => {
  const hint = parentElement.querySelector(".hint");
  hint.hidden = away;
  hint.querySelector("button").onclick = () => {
    hint.hidden = away = true;
    remember();
  };
};

// Access fails where the browser blocks storage. The steps then come back on the next page load.
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
