namespace MmuEmu.Debugger.View;

/// <summary>What is on the screen, for somebody who sees it for the first time.</summary>
internal static class HelpOverlay
{
    private static readonly string[] Screen =
    [
        "The bar:",
        "  T counts instructions from the begin of the run; T.k is micro-step k of what happens at that T. Behind the slash is how far the run is known; + says that it goes on. Where PAST stands, and all of the bar is in reverse video, something behind you is known already.",
        "1 walk:",
        "  The selected address in its parts: each index chooses an entry of one table. Below, CR3, which names the root table, what TLB and caches have, and the entries from the root down: where each lies in RAM, its value, its bits.",
        "  > and reverse video: this micro-step is here.  * was read   ~ a cache spares reading it   . is not read yet.",
        "  Bits, a capital letter for a set one: x execute-disable, g global, s page size, d dirty, a accessed, c cache off, t write-through, u user, w writable, p present. A dash: has no meaning at that level.",
        "  Behind them: ok passes; X ends the access; A+ was set, W- was cleared at this T; new and gone: the entry came or went. An entry that is not present shows what the kernel keeps in it.",
        "2 why:",
        "  What this micro-step does, what it is for, and what the fault that it belongs to means.",
        "3 code, 4 registers:",
        "  > is the instruction at work. A star marks what has changed since the frame before.",
        "5 mapping, 6 frame:",
        "  What the program has asked the kernel for at the address, its pages a letter each, and the frame of RAM behind it: who maps it, and where it stands among those that reclaim looks at.",
        "7 output, 8 timeline:",
        "  What the program has written so far. A sign for what happened in each part of the run: ^ fault, X fault that ends in a signal, ! signal, # memory taken back, R pressure rule, . system call, T task, M mark of the guest, b yours; | is here. Where memory gets short, free has a digit: tenths of RAM that are free.",
    ];

    private static readonly string[] Keys =
    [
        "Keys, with Shift backwards:",
        "  u or Right  one micro-step: TLB, caches, each entry, the verdict, A and D, TLB fill, the kernel's steps",
        "  k           one step of the kernel: mapping, rights, frame, entry, flush, signal",
        "  s or Down   one instruction, of whichever function",
        "  n           one line of source, over calls; without source one instruction, over calls",
        "  o           out of the function",
        "  f or PgDn   to the next page fault        c  system call",
        "  r           memory taken back             g  signal",
        "  m           to the last change of the selected entry; M to the next one",
        "  Tab         other address: this step's, CR2, RIP, RSP, operand",
        "  b           marks this moment; B goes to the mark before",
        "  /           to T, T.k, a mark, begin or end;  Home, End: begin, newest",
        "  1 to 8      opens a panel, and scrolls it with Up, Down, PgUp, PgDn; Esc leaves it",
        "  :           a command, such as walk main, why, break main, c, x $rsp; help lists all",
        "  Ctrl-C      ends a move that takes long;  q quits",
    ];

    /// <summary>The help, with what is at work now before it.</summary>
    public static Overlay Of(Scene scene) => new("help", [.. Now(scene), .. Screen, .. Keys], KeepsColumns: true);

    private static IEnumerable<string> Now(Scene scene) => scene.Why.Count == 0 ? [] : ["Now:", .. scene.Why.Select(sentence => $"  {sentence}")];
}
