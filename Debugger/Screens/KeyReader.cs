namespace MmuEmu.Debugger.Screens;

/// <summary>Reads keys from the terminal of this process, and waits for them no longer than it is told.</summary>
/// <remarks>.NET's console knows what each terminal sends for a key, and takes the terminal's modes for it.</remarks>
internal sealed class KeyReader
{
    private const int SliceMilliseconds = 20;

    /// <summary>How long it may take until the rest of what is pasted comes.</summary>
    private const int PasteMilliseconds = 200;

    private readonly PasteReader _paste = new(() => HasKey(PasteMilliseconds) ? ReadOne() : null);

    private KeyReader()
    {
    }

    /// <summary>From now on Ctrl-C is a key like others, until the terminal is given back.</summary>
    public static KeyReader Take()
    {
        Console.TreatControlCAsInput = true;
        return new KeyReader();
    }

    /// <summary>The next key.</summary>
    /// <param name="milliseconds">How long it is waited for, at most.</param>
    /// <returns>Null when none came; Ctrl-C for a terminal that is gone, where the console would give keys without end.</returns>
    public KeyStroke? Read(int milliseconds)
    {
        if (OperatingSystem.IsLinux() && HostDescriptor.IsHungUp(0))
        {
            return KeyStroke.Interrupt;
        }

        if (_paste.TakeBack() is { } back)
        {
            return back;
        }

        if (!HasKey(milliseconds))
        {
            return null;
        }

        KeyStroke first = ReadOne();
        return first.Key == KeyName.Escape && Console.KeyAvailable ? _paste.Take(first) : first;
    }

    private static KeyStroke ReadOne()
    {
        KeyStroke stroke = KeyStroke.Of(Console.ReadKey(intercept: true));
        // A character beyond the first 65536 comes in two halves.
        return stroke.Text is [var first] && char.IsHighSurrogate(first) && Console.KeyAvailable
            ? stroke with { Text = stroke.Text + Console.ReadKey(intercept: true).KeyChar }
            : stroke;
    }

    private static bool HasKey(int milliseconds)
    {
        // What is left of a paste is with the console already, where the descriptor does not show it.
        if (Console.KeyAvailable)
        {
            return true;
        }

        if (OperatingSystem.IsLinux())
        {
            return HostDescriptor.HasInput(0, milliseconds) && !HostDescriptor.IsHungUp(0) && Console.KeyAvailable;
        }

        for (int waited = 0; waited < milliseconds && !Console.KeyAvailable; waited += SliceMilliseconds)
        {
            Thread.Sleep(SliceMilliseconds);
        }

        return Console.KeyAvailable;
    }
}
