/** The pages of the original as images, the cited place framed. */
import { useEffect, useRef, useState } from "react";
import { pageUrl, type Box, type Place } from "./records";
import styles from "./reader.module.css";
import { useReaderWords } from "./words";

interface PagesProps {
  documentId: string;
  versionId: string;
  count: number;
  place?: Place;
  /** A page to scroll to that is not a citation; `turn` makes a second click count. */
  target?: { page: number; turn: number };
}

const MARGIN_SHARE = 0.006;

function frameOf([left, top, right, bottom]: Box) {
  const percent = (share: number) => `${(Math.min(1, Math.max(0, share)) * 100).toFixed(2)}%`;
  return {
    left: percent(left - MARGIN_SHARE),
    top: percent(top - MARGIN_SHARE),
    width: percent(right - left + 2 * MARGIN_SHARE),
    height: percent(bottom - top + 2 * MARGIN_SHARE),
  };
}

interface OnePageProps extends Omit<PagesProps, "count" | "place" | "target"> {
  page: number;
  total: number;
  box: Box | null;
  onShown: () => void;
}

function OnePage({ documentId, versionId, page, total, box, onShown }: OnePageProps) {
  const t = useReaderWords();
  const [failed, setFailed] = useState(false);
  return (
    <figure className={styles.page} data-page={page}>
      {failed ? (
        <div className={styles.pageFailed}>{t("pageFailed", { n: page })}</div>
      ) : (
        <img
          src={pageUrl(documentId, versionId, page)}
          alt={t("pageOf", { n: page, total })}
          loading={box ? "eager" : "lazy"}
          width={1000}
          height={1414}
          onLoad={onShown}
          onError={() => setFailed(true)}
        />
      )}
      {box ? <div className={styles.frame} style={frameOf(box)} role="img" aria-label={t("highlighted")} /> : null}
      <figcaption>{t("pageOf", { n: page, total })}</figcaption>
    </figure>
  );
}

export function Pages({ documentId, versionId, count, place, target }: PagesProps) {
  const root = useRef<HTMLDivElement>(null);
  const wanted = target?.page ?? place?.page ?? null;
  const box = place?.box ?? null;
  const show = (page: number, smooth: boolean) => {
    const shown = root.current?.querySelector(`[data-page="${page}"]`);
    const framed = !target && shown?.querySelector(`.${styles.frame}`);
    (framed || shown)?.scrollIntoView({ block: framed ? "center" : "start", behavior: smooth ? "smooth" : "auto" });
  };
  useEffect(() => {
    if (wanted !== null) show(wanted, false);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a new place or a click moves the reader
  }, [wanted, box, target]);
  return (
    <div ref={root} className={styles.pages}>
      {Array.from({ length: count }, (_, index) => index + 1).map((page) => (
        <OnePage
          key={page}
          documentId={documentId}
          versionId={versionId}
          page={page}
          total={count}
          box={page === place?.page ? box : null}
          onShown={() => {
            if (page === wanted) show(page, false);
          }}
        />
      ))}
    </div>
  );
}
