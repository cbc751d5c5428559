"use client";
/** New recovery codes, the one time they can be seen. */
import { Download } from "lucide";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { brand } from "@/latchkey.config";
import { buttonClass } from "./ui/button";
import { Card, CardBody, CardHead } from "./ui/card";
import { CopyButton } from "./ui/copy-button";
import { Icon } from "./ui/icon";
import { Note } from "./ui/note";

export function RecoveryCodesReady({ title, codes }: { title: string; codes: readonly string[] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus();
  }, []);
  const text = codes.join("\n");
  return (
    <div className="grid max-w-[46rem] grid-cols-1 gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 ref={heading} tabIndex={-1} className="font-semibold text-2xl outline-none">
          {title}
        </h1>
        <Link href="/settings/security" className={buttonClass()}>
          Done
        </Link>
      </div>
      <Card tone="accent">
        <CardHead
          title="Recovery codes"
          text="Each signs you in once when you have neither your app nor a passkey."
          id="codes"
        />
        <CardBody>
          <ul
            aria-labelledby="codes"
            className="grid gap-x-8 gap-y-2 rounded-md bg-sunk px-4 py-3.5 font-mono text-sm sm:grid-cols-2"
          >
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <div className="flex flex-wrap items-center gap-2">
            <a
              href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
              download={`${brand.name.toLowerCase()}-recovery-codes.txt`}
              className={buttonClass({ size: "sm" })}
            >
              <Icon of={Download} />
              Download
            </a>
            <CopyButton text={text} describedBy="codes" />
          </div>
          <Note tone="warn" role="status">
            <strong>Keep these codes now.</strong> They are not shown again. A password manager or a sheet of
            paper is a good place; the phone with your app is not.
          </Note>
        </CardBody>
      </Card>
    </div>
  );
}
