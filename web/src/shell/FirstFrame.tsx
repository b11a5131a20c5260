/** The frame that index.html draws before any script runs, kept until there is something better. */

export function FirstFrame() {
  return (
    <div className="first-frame">
      <img src="/mark.svg" alt="" width={48} height={48} />
      <strong>银枢</strong>
    </div>
  );
}
