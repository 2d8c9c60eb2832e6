using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Kernel.Files;
using Org.BouncyCastle.Crypto.Digests;

namespace MmuEmu.Debugger.Sessions;

/// <summary>Makes of a report the run that it tells of, or says what is no longer as it was.</summary>
internal static class Repetition
{
    private const int PartBytes = 1 << 20;

    /// <summary>The run, with nothing of it begun.</summary>
    /// <param name="past">What the report says.</param>
    /// <param name="parsed">The command line of now; what it says of what is told comes first.</param>
    /// <param name="flags">The options.</param>
    /// <param name="own">The command's standard input, for a report that does not hold the guest's.</param>
    /// <exception cref="CommandException">A file, the folder or the input is another than then, or an option would make it another run.</exception>
    public static PlannedRun Of(PastRun past, ParseResult parsed, RunFlags flags, IHostStream own)
    {
        DemandNothingElse(past.File, "report", parsed, flags);
        PlannedRun plan = RunPlan.Again(Told(past.Record, parsed, flags), parsed, flags);
        DemandFolder(past, plan);
        DemandFiles(past, plan);
        return plan with
        {
            Notes = past.Version == RunSchema.Version ? plan.Notes : [.. plan.Notes, $"'{past.File}' was written by version {past.Version}, this is {RunSchema.Version}: the run may differ"],
            Input = new InputReplay(past.Input, past.Input.Data is { } data ? [data] : PartsOf(past, own)),
            Past = past,
        };
    }

    /// <summary>What was asked for then, with what is to be told now.</summary>
    public static RunRecord Told(RunRecord record, ParseResult parsed, RunFlags flags)
    {
        RunValues now = new(parsed, null);
        return record with
        {
            Options = [.. record.Options.Select(option => flags.Telling.FirstOrDefault(told => told.Name == option.Name) is { } told
                && now.Record(told) is { By: OptionOrigin.Typed } typed ? typed : option)],
        };
    }

    /// <summary>Refuses what would make it another run than that of <paramref name="file"/>, which is a <paramref name="what"/>.</summary>
    /// <exception cref="CommandException">There is such a thing on the command line.</exception>
    public static void DemandNothingElse(string file, string what, ParseResult parsed, RunFlags flags)
    {
        string? other = parsed.GetResult(flags.Guest) is { Tokens: [var guest, ..] } ? $"GUEST '{guest.Value}'" : flags.TypedOfMachine(parsed).FirstOrDefault();
        if (other is not null)
        {
            string allowed = string.Join(", ", flags.Telling.Select(option => option.Name));
            throw new CommandException(
                ExitCodes.Usage,
                $"{other} beside --from: the {what} says what runs and how; expected only what changes nothing of the run: --json, --quiet, --color, {flags.Timeout.Name}, {allowed}",
                $"try: mmuemu run --from {ShellQuote.PosixBytes(file)}");
        }
    }

    private static void DemandFolder(PastRun past, PlannedRun plan)
    {
        if (past.Record.Folder is { } folder && plan.Options.ProgramPath is null && !plan.Options.HasOwnRoot && !Directory.Exists(folder))
        {
            throw new CommandException(
                ExitCodes.Usage, $"the working folder of '{past.File}' is not there: expected {folder}, found no such folder", $"try: mkdir -p {ShellQuote.PosixBytes(folder)}");
        }
    }

    private static void DemandFiles(PastRun past, PlannedRun plan)
    {
        string guest = plan.Options.ProgramPath is null ? RootedPath.OnHost(plan.Options.HostRoot, plan.Options.Program) : plan.Options.Program;
        string remedy = plan.Options.ProgramPath is null ? $"put back {guest}" : "take the version of mmuemu that wrote it";
        Demand(past, plan, ($"the guest {past.Record.Guest}", remedy), new RecordedFile(guest, guest, past.ProgramHash));
        foreach (RecordedFile file in past.Files)
        {
            Demand(past, plan, (file.Path, $"put back {file.HostPath}"), file);
        }
    }

    private static void Demand(PastRun past, PlannedRun plan, (string What, string Remedy) words, RecordedFile file)
    {
        string? found = file.Hash is null ? null : FileHash.Of(file.HostPath);
        if (found != file.Hash)
        {
            throw new CommandException(
                ExitCodes.NoGuest,
                $"{words.What} is not as it was for '{past.File}': expected SHA-256 {file.Hash}, found {found ?? "no file that can be read"}",
                $"try: {words.Remedy}; or run anew: {plan.Typed.Run("--json ")}");
        }
    }

    /// <summary>As many bytes as the guest read then, from the command's own standard input.</summary>
    private static List<byte[]> PartsOf(PastRun past, IHostStream own)
    {
        List<byte[]> parts = [];
        Sha256Digest hash = new();
        ulong left = past.Input.Bytes;
        byte[] buffer = new byte[PartBytes];
        while (left > 0 && own.Read(buffer.AsSpan(0, (int)Math.Min(left, PartBytes)), out int count) == Kernel.Abi.Errno.None && count > 0)
        {
            parts.Add(buffer[..count]);
            hash.BlockUpdate(parts[^1]);
            left -= (ulong)count;
        }

        string found = FileHash.TextOf(hash);
        return left == 0 && found == past.Input.Hash ? parts : throw new CommandException(
            ExitCodes.Usage,
            $"standard input is not as it was for '{past.File}', which does not hold it: expected {past.Input.Bytes} bytes with SHA-256 {past.Input.Hash}, "
                + $"found {past.Input.Bytes - left} with {found}",
            $"try: mmuemu run --from {ShellQuote.PosixBytes(past.File)} < the same input");
    }
}
