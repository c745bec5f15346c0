"use client";

import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback } from "react";

import { useToast } from "@/components/toast";
import { ProfileSchema, ProfileService } from "@/gen/errand/v1/profile_service_pb";
import { rpcTransport } from "@/features/shell/transport";

import { readerProfile, type ReaderProfile } from "./reader-profile";

export const PROFILE_KEY = ["profile"] as const;

/** What of the profile a person can change. */
export type ProfileChange = Partial<Pick<ReaderProfile, "timeZone" | "language" | "firstDayOfWeek">>;

/** The profile of who is signed in. Another device may have changed it, so it is read again when the page is looked at. */
export function useProfile() {
  const { data, isError, refetch } = useQuery({
    queryKey: PROFILE_KEY,
    queryFn: ({ signal }) => readProfile(signal),
    staleTime: FRESH_FOR,
    refetchOnWindowFocus: true,
  });
  return { profile: data, isError, refetch };
}

/** Changes the profile: at once on the page, and back with a message if the server refuses it. True if it was taken. */
export function useUpdateProfile() {
  const client = useQueryClient();
  const t = useTranslations("settings.profile");
  const { toast } = useToast();
  const mutation = useMutation({
    mutationFn: (change: ProfileChange) => sendChange(change, client.getQueryData<ReaderProfile>(PROFILE_KEY)?.etag),
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: PROFILE_KEY });
      const before = client.getQueryData<ReaderProfile>(PROFILE_KEY);
      if (before) client.setQueryData(PROFILE_KEY, { ...before, ...change });
      return before;
    },
    onSuccess: (profile) => client.setQueryData(PROFILE_KEY, profile),
    onError: (_error, _change, before) => {
      client.setQueryData(PROFILE_KEY, before);
      toast({ tone: "danger", title: t("failed") });
    },
  });
  const { mutateAsync } = mutation;
  const update = useCallback(
    (change: ProfileChange) =>
      mutateAsync(change).then(
        () => true,
        () => false,
      ),
    [mutateAsync],
  );
  return { update, isPending: mutation.isPending };
}

async function readProfile(signal?: AbortSignal): Promise<ReaderProfile> {
  const { profile } = await profileClient.getProfile({}, signal ? { signal } : {});
  return readerProfile(profile ?? create(ProfileSchema));
}

/**
 * Sends what changes and the state that was seen. Where another device was first, the change is to other fields or is
 * meant to hold anyway: it is sent once more, on top of the new state.
 */
async function sendChange(change: ProfileChange, etag: string | undefined): Promise<ReaderProfile> {
  const send = async (seen: string) => {
    const { profile } = await profileClient.updateProfile({
      profile: { ...change, etag: seen },
      updateMask: { paths: Object.keys(change).map((field) => PATHS[field as keyof ProfileChange]) },
    });
    return readerProfile(profile ?? create(ProfileSchema));
  };
  try {
    return await send(etag ?? "");
  } catch (error) {
    if (ConnectError.from(error).code !== Code.Aborted) throw error;
    return send((await readProfile()).etag);
  }
}

const profileClient = createClient(ProfileService, rpcTransport);

const PATHS: Record<keyof ProfileChange, string> = {
  timeZone: "time_zone",
  language: "language",
  firstDayOfWeek: "first_day_of_week",
};

const FRESH_FOR = 60_000;
