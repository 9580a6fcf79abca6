// Files dropped on the form are those to be sent; without scripts the form takes them by its button.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form.drop");
  const input = form.querySelector("input[type=file]");
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, (event) => { event.preventDefault(); form.classList.remove("over"); });
  }
  form.addEventListener("drop", (event) => { input.files = event.dataTransfer.files; });
});
