using MmuEmu.Debugger.Screens;

namespace MmuEmu.Tests.Debugger.Screens;

/// <summary>A page as the view has them.</summary>
internal static class SamplePage
{
    /// <summary>Seven panels, one with text of a guest.</summary>
    public static ScreenPage Page { get; } = new(
        TextLine.Of(" mmuemu  vrange-recover   T 1204377 / 2000112   PAST", Role.Cursor),
        [
            new Panel("page walk of 7f3a4c002010 (write, user)", Walk(), PanelPlace.Left, 0),
            new Panel("why", Lines("user write; VMA allows rw; range volatile and frame", "reclaimed -> SIGBUS (rule V-041).  [m] go to the purge"), PanelPlace.Left, 1),
            new Panel("demo.c:41", Lines(" 40  pressure(64);", ">41  p[0x10] = 42;", " 4012a4 mov eax,0x2a", ">4012ae mov [rdi+0x10],al"), PanelPlace.Right, 2),
            new Panel("registers", Lines("rdi 7f3a4c002000  rax 2a", "rip 4012ae  cr2 7f3a4c002010"), PanelPlace.Right, 4),
            new Panel("vma", Lines("7f3a4c000000-7f3a4c010000 rw-p anon VOLATILE", "/tmp/漢字 na\u001b[31mme"), PanelPlace.Far, 5),
            new Panel("frame 345", Lines("free; was anon inactive[41/64] map 1->0"), PanelPlace.Far, 6),
            new Panel("timeline", Lines("faults   ^ ^  ^^ ^   ^ ^^^^  ^   ^ ^^  ^ |^", "reclaim        ##            ###         |"), PanelPlace.Wide, 3),
        ],
        TextLine.Of(":"),
        TextLine.Of(" [u]micro [s]insn [f]fault [m]last change [b]mark [/]seek  shift=back   : command     ? help", Role.Faint));

    private static TextLine[] Walk() =>
    [
        .. Lines(
            "CR3   000103000  pcid 1        TLB miss   PWC miss",
            "PML4E @1037f0  0000000000104067  - 104 -- -- DA-- UWP  ok",
            "PDPTE @104748  0000000000105067  - 105 -- -- DA-- UWP  ok",
            "PDE   @105300  0000000000106067  - 106 -- -- DA-- UWP  A+",
            "PTE   @106010  0000000000000e00  VRANGE_PURGED      --p X"),
        TextLine.Of("  X not present -> #PF err 6 = p W U - -", Role.Bad),
    ];

    private static TextLine[] Lines(params string[] lines) => [.. lines.Select(line => TextLine.Of(line))];
}
