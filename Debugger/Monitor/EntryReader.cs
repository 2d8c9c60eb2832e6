using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Monitor;

/// <summary>Entries and frames as they are typed.</summary>
internal static class EntryReader
{
    /// <summary>The entry that decides for an address of the space at work.</summary>
    /// <exception cref="CommandException">It is no address, or no canonical one.</exception>
    public static EntryView Read(MonitorContext context, string text)
    {
        VirtAddr address = new AddressReader(context).Read(text);
        int space = context.Space();
        return context.View(view => view.EntryAt(space, address)) is { Path.Count: > 0 } entry
            ? entry
            : throw new CommandException(ExitCodes.Usage, $"expected an address that can be translated; found {address}, which is not canonical: no entry decides for it", "try: pte $rip");
    }

    /// <summary>A frame: its number in hexadecimal when RAM has so many, otherwise the frame of an address.</summary>
    /// <exception cref="CommandException">It is neither.</exception>
    public static Pfn ReadFrame(MonitorContext context, CommandWords words, int index, string usage)
    {
        string text = words[index];
        if (AddressReader.IsNumber(text, out ulong number) && context.View(view => view.IsRam(new Pfn(number).Base)) && number < 1UL << 40)
        {
            return new Pfn(number);
        }

        EntryView entry = Read(context, text);
        return entry.Frame ?? throw words.Refusal(
            $"{usage}: the number of a frame, or an address with a frame behind it", text.Length == 0 ? entry.Address.ToString() : text, $"pte {entry.Address}, which tells why there is none");
    }
}
