namespace MmuEmu.Debugger.Sessions;

/// <summary>A run that is over, as its report tells it.</summary>
/// <param name="File">The report's name as it was typed.</param>
/// <param name="Version">The version of the program that wrote it.</param>
/// <param name="Record">What was asked for.</param>
/// <param name="Input">What the guest read from its standard input.</param>
/// <param name="ProgramHash">SHA-256 of the guest's file in lower-case hexadecimal digits; null when it could not be read at the end.</param>
/// <param name="Files">The files of the host that the guest opened.</param>
/// <param name="Cut">Where the host ended the run; null when it came to its own end.</param>
/// <param name="Left">What the run left; null when nobody knows.</param>
internal sealed record PastRun(
    string File, string Version, RunRecord Record, RecordedInput Input, string? ProgramHash, IReadOnlyList<RecordedFile> Files, RunCut? Cut, RunTrack? Left);

/// <summary>What a run left, by which it is known again.</summary>
/// <param name="Time">T at the end.</param>
/// <param name="RamHash">SHA-256 of RAM in lower-case hexadecimal digits.</param>
internal readonly record struct RunTrack(ulong Time, string RamHash);

/// <summary>A file of the host that a guest has opened.</summary>
/// <param name="Path">Its path as the guest knows it.</param>
/// <param name="HostPath">Where it lies on the host.</param>
/// <param name="Hash">SHA-256 in lower-case hexadecimal digits; null when it could not be read at the end.</param>
internal sealed record RecordedFile(string Path, string HostPath, string? Hash);

/// <summary>Where and why the host ended a run.</summary>
/// <param name="Cause">What of the host.</param>
/// <param name="Timeout">The time that the run was given; null unless it was over.</param>
/// <param name="Time">T at the end.</param>
internal sealed record RunCut(InterruptCause Cause, TimeSpan? Timeout, ulong Time);
