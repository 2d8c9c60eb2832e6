using System.Reflection;
using System.Text;
using MmuEmu.Emulator.Machine;
using MmuEmu.Tests.Golden;

namespace MmuEmu.Tests.House;

/// <summary>The public surface of the two libraries as text, so that a change to it is seen in review.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_emulator_offers_what_its_golden_file_lists() =>
        GoldenFile.Check("public-surface-emulator.txt", SurfaceOf(typeof(Core).Assembly));

    [Fact]
    public void The_kernel_offers_what_its_golden_file_lists() =>
        GoldenFile.Check("public-surface-kernel.txt", SurfaceOf(typeof(MmuEmu.Kernel.Abi.Errno).Assembly));

    /// <summary>What a package would publish has to be small enough to be read, and kept.</summary>
    /// <remarks>Ninety-two serve to run guests and to tell what happened, the door to the disk among them; the rest is what a debugger sees of a run that stands still, and of that room only.</remarks>
    [Fact]
    public void The_kernel_offers_at_most_ninety_two_types_and_seventeen_for_debuggers() =>
        typeof(MmuEmu.Kernel.Abi.Errno).Assembly.GetExportedTypes().Length.ShouldBeInRange(1, 109);

    private static string SurfaceOf(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(type.FullName).Append('\n');
            IEnumerable<string> members =
                from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                where member is not MethodInfo { IsSpecialName: true } && !IsPlumbing(member)
                select $"  {member.MemberType} {member}";
            foreach (string member in members.Distinct().OrderBy(m => m, StringComparer.Ordinal))
            {
                text.Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Members that the compiler adds to every record.</summary>
    private static bool IsPlumbing(MemberInfo member) =>
        member.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "<Clone>$";
}
