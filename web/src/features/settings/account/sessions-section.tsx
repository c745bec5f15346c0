"use client";

import { Laptop, Smartphone, SquareTerminal } from "lucide-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { Badge } from "@/components/badge";
import { Button } from "@/components/button";
import { ErrorState } from "@/components/error-state";
import { Skeleton } from "@/components/skeleton";
import { useToast } from "@/components/toast";
import { useFormat } from "@/reader/format";

import { Section } from "../section";
import { endOtherSessions, endSession, listSessions, type SignedInSession } from "./auth";
import { deviceOf, type Device } from "./device";

/** Where the person is signed in. Each can be ended, but the one in use: that is signing out. */
export function SessionsSection({ sessionId }: { sessionId: string }) {
  const t = useTranslations("settings.sessions");
  const client = useQueryClient();
  const { toast } = useToast();
  const { data, isPending, isError, refetch } = useQuery({
    queryKey: SESSIONS_KEY,
    queryFn: listSessions,
    staleTime: 0,
  });
  const others = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => toast({ tone: "success", title: t("othersEnded") }),
    onError: () => toast({ tone: "danger", title: t("failed") }),
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS_KEY }),
  });

  return (
    <Section id="sessions" title={t("title")} description={t("description")}>
      {isPending && (
        <div aria-busy="true" className="space-y-3">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </div>
      )}
      {isError && <ErrorState title={t("loadFailed")} onRetry={() => void refetch()} />}
      {data && (
        <ul className="-my-1 divide-y divide-line">
          {data.map((session) => (
            <SessionItem key={session.id} session={session} current={session.id === sessionId} />
          ))}
        </ul>
      )}
      {data && data.length > 1 && (
        <Button
          className="mt-4"
          busy={others.isPending}
          onClick={() => {
            others.mutate();
          }}
        >
          {t("endOthers")}
        </Button>
      )}
    </Section>
  );
}

function SessionItem({ session, current }: { session: SignedInSession; current: boolean }) {
  const t = useTranslations("settings.sessions");
  const client = useQueryClient();
  const format = useFormat();
  const { toast } = useToast();
  const device = deviceOf(session.userAgent);
  const name = useDeviceName(device);
  const Icon = { phone: Smartphone, computer: Laptop, program: SquareTerminal }[device.kind];
  const end = useMutation({
    mutationFn: () => endSession(session),
    onSuccess: () => toast({ tone: "success", title: t("ended", { device: name }) }),
    onError: () => toast({ tone: "danger", title: t("failed") }),
    onSettled: () => client.invalidateQueries({ queryKey: SESSIONS_KEY }),
  });

  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <Icon aria-hidden="true" className="size-5 shrink-0 text-ink-muted" />
      <div className="min-w-0 flex-[1_1_12rem]">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          {name}
          {current && <Badge tone="success">{t("current")}</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-2 text-xs text-ink-muted">
          {!current && <span>{t("lastUsed", { date: format.date(session.lastUsed) })}</span>}
          <span>{t("since", { date: format.date(session.since) })}</span>
          {session.address && <bdi dir="ltr">{session.address}</bdi>}
        </p>
      </div>
      {!current && (
        <Button
          size="sm"
          busy={end.isPending}
          aria-label={t("endLabel", { device: name })}
          onClick={() => {
            end.mutate();
          }}
        >
          {t("end")}
        </Button>
      )}
    </li>
  );
}

function useDeviceName({ browser, system, kind }: Device): string {
  const t = useTranslations("settings.sessions");
  if (kind === "program" && browser) return browser;
  return t("device", { browser: browser ?? t("unknownBrowser"), system: system ?? t("unknownSystem") });
}

const SESSIONS_KEY = ["sessions"] as const;
