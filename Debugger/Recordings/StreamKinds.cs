namespace MmuEmu.Debugger.Recordings;

/// <summary>Which of a guest's standard streams it knows as a terminal.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal readonly record struct StreamKinds(bool Input, bool Output, bool Error)
{
    /// <summary>Whether stream 0, 1 or 2 is.</summary>
    public bool this[int stream] => stream switch
    {
        0 => Input,
        1 => Output,
        _ => Error,
    };

    /// <summary>As the host has them.</summary>
    public static StreamKinds Of(GuestStreams streams) => new(streams.Input.IsTerminal, streams.Output.IsTerminal, streams.Error.IsTerminal);
}
