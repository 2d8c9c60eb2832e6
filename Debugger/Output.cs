using MmuEmu.Kernel.Files;

namespace MmuEmu.Debugger;

/// <summary>Where the command writes: results to <see cref="Out"/>, all that it says of itself to <see cref="Error"/>.</summary>
/// <remarks>Lines end in a line feed on every host, so that outputs compare byte for byte.</remarks>
internal sealed class Output
{
    private Output(TextWriter @out, TextWriter error, GuestStreams guest) => (Out, Error, Guest) = (@out, error, guest);

    /// <summary>Results, and the guest's standard output.</summary>
    public TextWriter Out { get; }

    /// <summary>Messages, traces and statistics.</summary>
    public TextWriter Error { get; }

    /// <summary>Marks words on <see cref="Out"/>.</summary>
    public Paint OutPaint { get; private set; } = Paint.None;

    /// <summary>Marks words on <see cref="Error"/>.</summary>
    public Paint ErrorPaint { get; private set; } = Paint.None;

    /// <summary>Columns of a line of <see cref="Out"/>; a file, a pipe and a terminal of unknown size take a line of any length.</summary>
    public int OutWidth => Guest.Output is { IsTerminal: true, Size.Columns: > 0 and var columns } ? columns : int.MaxValue;

    /// <summary>Where the guest's own standard streams lead.</summary>
    public GuestStreams Guest { get; }

    /// <summary>Where the user sits.</summary>
    public HostSeat Seat { get; private init; } = HostSeat.None;

    /// <summary>The process's own streams; what they do not take is an <see cref="OutputLostException"/>.</summary>
    public static Output OfProcess()
    {
        HostSeat seat = HostSeat.OfProcess();
        GuestStreams guest = new(ProcessStream.Input(seat), ProcessStream.Output(seat), ProcessStream.Error(seat));
        StreamWriter results = new(new OwnStream(guest.Output, "standard output"), OwnText.Encoding) { AutoFlush = false, NewLine = "\n" };
        StreamWriter messages = new(new OwnStream(guest.Error, "standard error"), OwnText.Encoding) { AutoFlush = true, NewLine = "\n" };
        return new Output(results, messages, guest) { Seat = seat };
    }

    /// <summary>Writers and streams of the caller's choice.</summary>
    public static Output To(TextWriter @out, TextWriter error, GuestStreams guest) => new(@out, error, guest);

    /// <summary>Takes the user's wish about colours.</summary>
    public void Choose(ColourChoice choice)
    {
        OutPaint = Paint.For(choice, Guest.Output.IsTerminal ? StreamEnd.Terminal : StreamEnd.Elsewhere);
        ErrorPaint = Paint.For(choice, Guest.Error.IsTerminal ? StreamEnd.Terminal : StreamEnd.Elsewhere);
    }

    /// <summary>One line about the run; results that came before it are written before it.</summary>
    public void Say(string line)
    {
        Out.Flush();
        Error.WriteLine($"mmuemu: {OwnText.Printable(line, kept: '\n')}");
    }

    /// <summary>One line about results that could not be written, where there is still somewhere to say it.</summary>
    public void TellLoss(OutputLostException lost)
    {
        try
        {
            Error.WriteLine($"mmuemu: {lost.Message}");
        }
        catch (OutputLostException)
        {
            // Standard error is lost as well: the exit status alone says it.
        }
    }

    /// <summary>One message and the next thing to type.</summary>
    public void Complain(string message, string hint)
    {
        Say(message);
        if (hint.Length > 0)
        {
            Error.WriteLine($"        {OwnText.Printable(hint)}");
        }
    }
}

/// <summary>The three standard streams of a guest.</summary>
internal sealed record GuestStreams(IHostStream Input, IHostStream Output, IHostStream Error);
