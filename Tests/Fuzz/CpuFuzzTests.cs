using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>The emulated processor against the one that runs this test.</summary>
public sealed class CpuFuzzTests
{
    [Fact]
    public void A_batch_is_the_same_whenever_it_is_made()
    {
        FuzzBatch once = new BatchMaker(7, FuzzCodes.Eligible).Make(2);
        FuzzBatch again = new BatchMaker(7, FuzzCodes.Eligible).Make(2);
        FuzzBatch other = new BatchMaker(8, FuzzCodes.Eligible).Make(2);

        again.Program.ShouldBe(once.Program);
        other.Program.ShouldNotBe(once.Program);
    }

    [Fact]
    public void Every_code_of_the_model_is_run_or_has_a_reason()
    {
        Code[] some = [Code.Add_rm32_r32, Code.VEX_Vpaddb_ymm_ymm_ymmm256, Code.Fsin, Code.Jne_rel8_64, Code.VEX_Vpgatherdd_ymm_vm32y_ymm];

        FuzzCodes.Eligible.ShouldBeUnique();
        some.ShouldBeSubsetOf(FuzzCodes.Eligible);
        FuzzCodes.NotRun.Values.ShouldAllBe(why => why.Length > 10);
    }
}
