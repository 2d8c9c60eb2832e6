namespace MmuEmu.Debugger.Screens;

/// <summary>Reads keys from the terminal of this process, and waits for them no longer than it is told.</summary>
/// <remarks>.NET's console knows what each terminal sends for a key, and takes the terminal's modes for it.</remarks>
internal sealed class KeyReader
{
    private const int SliceMilliseconds = 20;
    private const int MostEmpty = 25;

    private int _empty;

    /// <summary>From now on Ctrl-C is a key like others, until the terminal is given back.</summary>
    public static KeyReader Take()
    {
        Console.TreatControlCAsInput = true;
        return new KeyReader();
    }

    /// <summary>The next key.</summary>
    /// <param name="milliseconds">How long it is waited for, at most.</param>
    /// <returns>Null when none came; Ctrl-C for a terminal that is gone.</returns>
    public KeyStroke? Read(int milliseconds)
    {
        if (_empty > MostEmpty)
        {
            return KeyStroke.Interrupt;
        }

        if (!HasKey(milliseconds))
        {
            return null;
        }

        ConsoleKeyInfo info = Console.ReadKey(intercept: true);
        if (info == default)
        {
            _ = Wait();
            return null;
        }

        _empty = 0;
        KeyStroke stroke = KeyStroke.Of(info);
        // A character beyond the first 65536 comes in two halves.
        return stroke.Text is [var first] && char.IsHighSurrogate(first) && Console.KeyAvailable
            ? stroke with { Text = stroke.Text + Console.ReadKey(intercept: true).KeyChar }
            : stroke;
    }

    private bool HasKey(int milliseconds)
    {
        // What is left of a paste is with the console already, where the descriptor does not show it.
        if (Console.KeyAvailable)
        {
            return true;
        }

        if (OperatingSystem.IsLinux())
        {
            return HostDescriptor.HasInput(0, milliseconds) && (Console.KeyAvailable || Wait());
        }

        for (int waited = 0; waited < milliseconds && !Console.KeyAvailable; waited += SliceMilliseconds)
        {
            Thread.Sleep(SliceMilliseconds);
        }

        return Console.KeyAvailable;
    }

    /// <summary>There was something to read, and it was no key: again and again it is the end of a terminal that was taken away.</summary>
    private bool Wait()
    {
        _empty++;
        Thread.Sleep(SliceMilliseconds);
        return false;
    }
}
