using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter.Habits;

/// <summary>Flags that the manuals leave undefined, as a Zen 4 of AMD and a Raptor Cove of Intel left them.</summary>
public sealed class FlagHabitTests
{
    [Theory]
    [Habit(CpuHabits.ShiftFlagsOfFirstStep)]
    [InlineData("41C1E73A", "r15=355AD66E609CFF", "-SZAPC", "-S-APC", "OS--PC")]                     // shl r15d,26
    [InlineData("D3E8", "rax=FFFFFFFF rcx=14", "-S---C", "---APC", "O---PC")]                        // shr eax,20
    [InlineData("66C1F806", "rax=191B82528", "--Z-P-", "---A-C", "-----C")]                          // sar ax,6
    [InlineData("41D2D5", "r13=1AC1A38E5B8520F3 rcx=1F", "O---PC", "O---PC", "----PC")]              // rcl r13b,31
    [InlineData("D3DD", "rbp=BDE16758D4DCCF7C rcx=8", "OSZA--", "-SZA--", "OSZA--")]                 // rcr ebp,8
    [InlineData("410FA5F9", "r9=C4D9F517 rdi=74E5D7E6 rcx=15", "-----C", "OS-A--", "-S----")]        // shld r9d,edi,21
    [InlineData("480FACFD6C", "rbp=100000000 rdi=1E2EBA3DDADB76DA", "O-ZAP-", "OS-AP-", "-S--P-")]   // shrd rbp,rdi,44
    [InlineData("C0D809", "rax=45", "-----C", "O----C", "-----C")]                                   // rcr al,9: all the way round
    [InlineData("C0D809", "rax=C5", "O-----", "------", "O-----")]
    public void Shifts_by_more_than_one(string code, string registers, string before, string amd, string intel) =>
        FlagsOf(code, registers, before).ShouldBe((amd, intel));

    [Theory]
    [Habit(CpuHabits.ShiftFlagsOfFirstStep)]
    [InlineData("660FA4C814", 0x2222, 0x2221)]                                                       // shld ax,cx,20
    [InlineData("660FACC814", 0x2222, 0x1222)]                                                       // shrd ax,cx,20
    public void Double_shifts_of_16_bits_beyond_16_take_their_bits_from_elsewhere(string code, int amd, int intel)
    {
        ulong ResultOf(CpuVendor vendor)
        {
            using BareCore core = Run(vendor, code, "rax=1111111111111111 rcx=2222222222222222", "------");
            return core[Register.RAX] & 0xFFFF;
        }

        (ResultOf(CpuVendor.Amd), ResultOf(CpuVendor.Intel)).ShouldBe(((ulong)amd, (ulong)intel));
    }

    [Theory]
    [Habit(CpuHabits.RotateByImmediateKeepsOverflow)]
    [InlineData("41C1C4CE", "r12=5294876", "OS-APC", "-S-AP-", "OS-AP-")]                            // rol r12d,14
    [InlineData("C0CA79", "rdx=65451D07", "---A--", "O--A-C", "---A-C")]                             // ror dl,25
    [InlineData("C0C181", "rcx=40", "------", "O-----", "O-----")]                                   // rol cl,1 (81h)
    public void Rotates_of_a_register_by_an_immediate(string code, string registers, string before, string amd, string intel) =>
        FlagsOf(code, registers, before).ShouldBe((amd, intel));

    [Theory]
    [Habit(CpuHabits.ProductSetsFlags)]
    [InlineData("0FAFE9", "rbp=2D9D0C1C rcx=3F12F9C1", "----PC", "O---PC", "OS---C")]                // imul ebp,ecx
    [InlineData("0FAFE9", "rbp=0 rcx=7F", "--Z-PC", "--Z-P-", "----P-")]
    [InlineData("F7E0", "rax=C", "-SZA--", "-SZA--", "----P-")]                                      // mul eax
    [InlineData("F7E0", "rax=57DFE68B", "--ZA-C", "O-ZA-C", "OS---C")]
    public void Products(string code, string registers, string before, string amd, string intel) =>
        FlagsOf(code, registers, before).ShouldBe((amd, intel));

    [Theory]
    [Habit(CpuHabits.DivisionKeepsFlags)]
    [InlineData("41F7F7", "rax=64 r15=7", "-S--P-", "---A--", "-S--P-")]                             // div r15d
    [InlineData("41F7FB", "rax=64 r11=7", "O-ZAPC", "O--A-C", "O-ZAPC")]                             // idiv r11d
    public void Quotients(string code, string registers, string before, string amd, string intel) =>
        FlagsOf(code, registers, before).ShouldBe((amd, intel));

    [Theory]
    [Habit(CpuHabits.BitFieldsClearParity)]
    [InlineData("C4C2D0F2D0", "rbp=5D8EE9EEEE2B74C4 r8=12", "O-Z--C", "----P-", "------")]           // andn rdx,rbp,r8
    [InlineData("C44268F7F9", "r9=55555555 rdx=20A067D6", "-----C", "--ZAP-", "--Z---")]             // bextr r15d,r9d,edx
    [InlineData("C4C218F3DF", "r15=0", "------", "--Z-P-", "--Z---")]                                // blsi r12d,r15d
    [InlineData("C4E2B0F3D0", "rax=1000000", "O-Z-P-", "----P-", "------")]                          // blsmsk r9,rax
    [InlineData("C4C268F3CF", "r15=FFFFFFEF", "OSZAP-", "-S--P-", "-S----")]                         // blsr edx,r15d
    [InlineData("C4C2F0F5FF", "r15=3F rcx=7F", "---AP-", "----PC", "-----C")]                        // bzhi rdi,r15,rcx
    public void Bit_fields(string code, string registers, string before, string amd, string intel) =>
        FlagsOf(code, registers, before).ShouldBe((amd, intel));

    [Theory]
    [Habit(CpuHabits.ZeroCountClearsOverflow)]
    [InlineData("F34C0FBDCD", "rbp=0", "O---P-", "O----C", "-----C")]                                // lzcnt r9,rbp
    [InlineData("F30FBCE8", "rax=8000", "O--A-C", "O-----", "------")]                               // tzcnt ebp,eax
    public void Counts_of_zeros(string code, string registers, string before, string amd, string intel) =>
        FlagsOf(code, registers, before).ShouldBe((amd, intel));

    [Theory]
    [InlineData("4D0FBCDF", "r15=D67D", "-SZA--", "----P-")]                                         // bsf r11,r15
    [InlineData("410FBCDC", "r12=0", "-SZAPC", "--Z-P-")]                                            // bsf ebx,r12d
    [InlineData("410FBDDC", "r12=8", "O-ZAPC", "----P-")]                                            // bsr ebx,r12d
    [InlineData("C4C268F7C1", "r9=80000000 rdx=2000", "OSZ---", "---AP-")]                           // bextr eax,r9d,edx: SF is clear
    public void Scans_and_the_sign_of_BEXTR_are_the_same_for_both(string code, string registers, string before, string after)
    {
        (string amd, string intel) = FlagsOf(code, registers, before);

        amd.ShouldBe(after);
        intel.Where(letter => letter != (char)45).ShouldBeSubsetOf(after);
    }

    private static (string Amd, string Intel) FlagsOf(string code, string registers, string before)
    {
        using BareCore amd = Run(CpuVendor.Amd, code, registers, before);
        using BareCore intel = Run(CpuVendor.Intel, code, registers, before);
        return (FlagText.Of(amd.Flags), FlagText.Of(intel.Flags));
    }

    private static BareCore Run(CpuVendor vendor, string code, string registers, string before)
    {
        BareCore core = new BareCore(CpuModels.Max.MadeBy(vendor)).Load(Convert.FromHexString(code));
        core[Register.RDX] = 0;
        foreach (string[] pair in registers.Split(' ').Select(word => word.Split('=')))
        {
            core[Enum.Parse<Register>(pair[0], ignoreCase: true)] = Convert.ToUInt64(pair[1], 16);
        }

        core.SetFlags(Rflags.AlwaysSet | FlagText.Parse(before));
        core.Run(1);
        core.Rip.ShouldBe(BareCore.Code + ((ulong)code.Length / 2));
        return core;
    }
}
