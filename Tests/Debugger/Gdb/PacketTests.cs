using System.Text;
using System.Xml.Linq;
using MmuEmu.Debugger.Gdb;
using MmuEmu.Debugger.Source;
using MmuEmu.Guests;

namespace MmuEmu.Tests.Debugger.Gdb;

/// <summary>What packets are answered.</summary>
public sealed class PacketTests
{
    [Fact]
    public void The_two_ends_agree_on_what_they_can()
    {
        using GdbTalk talk = new("hello");

        talk.Ask(GdbTalk.Hello).ShouldContain(";ReverseContinue+;ReverseStep+;");
        talk.Ask(GdbTalk.Hello).ShouldEndWith(";multiprocess+;swbreak+;hwbreak+;fork-events+;vfork-events+;exec-events+");
        talk.Ask("qSupported").ShouldNotContain("multiprocess");
        talk.Ask("vMustReplyEmpty").ShouldBeEmpty();
        talk.Ask("QStartNoAckMode").ShouldBe("OK");
        talk.Ask("qTStatus").ShouldBeEmpty();
    }

    [Fact]
    public void The_description_numbers_the_registers_as_they_are_sent()
    {
        using GdbTalk talk = new("hello");

        XElement target = XDocument.Parse(talk.Document("features:read:target.xml").Replace("<!DOCTYPE target SYSTEM \"gdb-target.dtd\">", "", StringComparison.Ordinal)).Root!;

        XElement[] registers = [.. target.Descendants("reg")];
        registers.Select(register => (string)register.Attribute("name")!).ShouldBe(RegisterTable.All.Select(register => register.Name));
        registers.Select(register => (int)register.Attribute("regnum")!).ShouldBe(Enumerable.Range(0, registers.Length));
        talk.Ask("g").Length.ShouldBe(registers.Sum(register => (int)register.Attribute("bitsize")!) / 4);
        string[] known = ["int", "int32", "int64", "uint128", "data_ptr", "code_ptr", "i387_ext"];
        string[] made = [.. target.Descendants().Select(element => (string?)element.Attribute("id")).OfType<string>()];
        registers.Select(register => (string)register.Attribute("type")!).Except([.. known, .. made]).ShouldBeEmpty();
    }

    [Fact]
    public void Registers_are_those_of_the_machine()
    {
        using GdbTalk talk = new("hello");
        talk.Run.Journey.Seek(1000);

        (ulong Rip, ulong Rsp, ulong Cr3) truth = talk.Run.Journey.Look(kernel => (kernel.Core.Vcpu.Rip, kernel.Core.Vcpu[4], kernel.Core.Vcpu.Control.Cr3));
        (talk.Register("rip"), talk.Register("rsp"), talk.Register("cr3")).ShouldBe(truth);
        talk.Register("icount").ShouldBe(1000UL);
        talk.Register("orig_rax").ShouldBe(ulong.MaxValue);
        talk.Register("ftag").ShouldBe(0xFFFFUL);
        talk.Ask("p1000").ShouldBe("E16");
    }

    [Fact]
    public void Memory_is_read_up_to_where_there_is_none()
    {
        using GdbTalk talk = new("hello");

        talk.Ask("m400000,4").ShouldBe("7f454c46");
        talk.Ask("x400000,4").ShouldBe("\u007fELF");
        talk.Ask("m3ffffe,4").ShouldBe("E0e");
        talk.Ask("mffffffffffffffff,4").ShouldBe("E0e");
        talk.Ask("qSearch:memory:400000;1000;ELF").ShouldBe("1,400001");
        talk.Ask("Qqemu.PhyMemMode:1").ShouldBe("OK");
        talk.Ask("qqemu.PhyMemMode").ShouldBe("1");
        talk.Ask("m0,8").Length.ShouldBe(16);
    }

    [Fact]
    public void A_breakpoint_stops_before_its_instruction_in_both_directions()
    {
        using GdbTalk talk = new("hello");
        talk.Run.Journey.Seek(1000);
        ulong rip = talk.Register("rip");
        talk.Run.Journey.Seek(0);

        talk.Ask($"Z0,{rip:x},1").ShouldBe("OK");
        string stop = talk.Ask("vCont;c");
        ulong first = talk.Register("icount");
        stop.ShouldStartWith("T05swbreak:;");
        talk.Register("rip").ShouldBe(rip);
        first.ShouldBeInRange(1UL, 1000UL);
        talk.Ask("vCont;s:p3e8.3e8;c").ShouldStartWith("T05");
        talk.Register("icount").ShouldBe(first + 1);
        talk.Ask("bc").ShouldStartWith("T05swbreak:;");
        talk.Register("icount").ShouldBe(first);
        talk.Ask($"z0,{rip:x},1").ShouldBe("OK");
        talk.Ask("bc").ShouldStartWith("T00replaylog:begin;");
        talk.Ask("bs").ShouldStartWith("T00replaylog:begin;");
    }

    [Fact]
    public void The_end_is_a_stop_first_then_a_status_and_one_can_go_back_from_it()
    {
        using GdbTalk talk = new("hello");

        talk.Ask("vCont;c").ShouldStartWith("T00replaylog:end;");
        ulong last = talk.Register("icount");
        talk.Console.ShouldContain("the guest ends here with status 0");
        talk.Ask("vCont;c").ShouldBe("W00;process:3e8");
        talk.Ask("?").ShouldBe("W00;process:3e8");
        talk.Ask("bs").ShouldStartWith("T05");
        talk.Register("icount").ShouldBe(last - 1);
        talk.Ask("vRun;").ShouldStartWith("T05");
        talk.Register("icount").ShouldBe(0UL);
    }

    [Fact]
    public void A_signal_stops_before_its_handler_with_gdbs_number_and_its_siginfo()
    {
        using GdbTalk talk = new("vrange-recover");

        talk.Ask("vCont;c").ShouldStartWith("T0a");
        byte[] info = HexText.BytesOf(talk.Document("siginfo:read:"));
        info.Length.ShouldBe(128);
        BitConverter.ToInt32(info).ShouldBe(7);
        BitConverter.ToUInt64(info, 16).ShouldBe(talk.Register("cr2"));
        talk.Register("pferr").ShouldBe(4UL);
        (talk.Register("swpte") & 0xFF).ShouldBe((ulong)MmuEmu.Kernel.Tables.SoftPteKind.Purged);
        ulong rip = talk.Register("rip");
        talk.Ask("vCont;S0a:p3e8.3e8;c").ShouldStartWith("T05");
        talk.Register("rip").ShouldNotBe(rip);
        talk.Ask("QPassSignals:a").ShouldBe("OK");
        talk.Ask("vCont;C0a:p3e8.-1").ShouldStartWith("T00replaylog:end;");
    }

    [Fact]
    public void System_calls_stop_at_their_begin_and_their_result()
    {
        using GdbTalk talk = new("hello");

        talk.Ask("QCatchSyscalls:1;14").ShouldBe("OK");
        talk.Ask("vCont;c").ShouldStartWith("T05syscall_entry:14;");
        talk.Register("orig_rax").ShouldBe(20UL);
        talk.Ask("vCont;c").ShouldStartWith("T05syscall_return:14;");
        talk.Ask("QCatchSyscalls:0").ShouldBe("OK");
        talk.Ask("vCont;c").ShouldStartWith("T00replaylog:end;");
    }

    [Fact]
    public void Only_the_guests_files_are_served()
    {
        using GdbTalk talk = new("hello");

        string program = talk.Document("exec-file:read:3e8");
        Encoding.ASCII.GetString(talk.File(program)!, 1, 3).ShouldBe("ELF");
        Encoding.UTF8.GetString(talk.File("/proc/1000/maps")!).ShouldContain("[stack]");
        Encoding.UTF8.GetString(talk.File("/proc/1000/cmdline")!).ShouldBe("hello\0");
        Encoding.UTF8.GetString(talk.File("/proc/self/status")!).ShouldStartWith("Name:\thello\n");
        Encoding.UTF8.GetString(talk.File("/proc/1000/task/1000/maps")!).ShouldContain("[stack]");
        talk.File("/proc/1000/auxv")!.ShouldBe(HexText.BytesOf(talk.Document("auxv:read:")));
        talk.Ask($"vFile:readlink:{HexText.OfText("/proc/1000/exe")}").ShouldEndWith(";" + program);
        foreach (string path in (string[])["/etc/passwd", "/proc/1/maps", "/proc/1000/../../etc/passwd", "/proc/1000/mem", "/proc/version", "etc/passwd", "", "/proc/"])
        {
            talk.File(path).ShouldBeNull(path);
        }

        talk.Ask($"vFile:open:{HexText.OfText(program)},1,1ff").ShouldBe("F-1,1e");
        talk.Ask($"vFile:unlink:{HexText.OfText(program)}").ShouldBe("F-1,1e");
    }

    [Theory]
    [InlineData("/guests/hello")]
    [InlineData("/proc/1000/exe")]
    public void A_program_that_ships_is_served_with_its_lines(string path)
    {
        using GdbTalk talk = new("hello");

        byte[] served = talk.File(path)!;

        using SourceMap map = new("/nowhere/hello") { Content = served };
        map.AddressesOf("hello.c", 9).Addresses.ShouldNotBeEmpty();
        served.AsSpan(64, 4096).ToArray().ShouldBe(File.ReadAllBytes(Path.Combine(GuestCatalogue.Folder, "hello")).AsSpan(64, 4096).ToArray());
        talk.File("/guests/debug/hello.debug").ShouldBeNull();
        talk.File("/guests/fib").ShouldBeNull();
    }

    [Fact]
    public void A_write_begins_another_future()
    {
        using GdbTalk talk = new("hello");
        talk.Run.Journey.Seek(1000);
        ulong rsp = talk.Register("rsp");
        talk.Ask("g").ShouldNotBeEmpty();

        talk.Ask($"X{rsp:x},0:").ShouldBe("OK");
        talk.Run.Course.Branches.ShouldBe(0);
        talk.Ask($"M{rsp:x},2:abcd").ShouldBe("OK");
        talk.Ask($"m{rsp:x},2").ShouldBe("abcd");
        talk.Ask($"P{RegisterTable.NumberOf("r12"):x}=8877665544332211").ShouldBe("OK");
        talk.Register("r12").ShouldBe(0x1122334455667788UL);
        talk.Run.Course.Branches.ShouldBeGreaterThan(0);
        talk.Ask("vCont;s:p3e8.3e8").ShouldStartWith("T05");
        talk.Register("r12").ShouldBe(0x1122334455667788UL);
        talk.Console.ShouldContain("another future begins at T 1000");
        talk.Ask("bs").ShouldStartWith("T05");
        talk.Ask("bs").ShouldStartWith("T05");
        talk.Register("icount").ShouldBe(999UL);
        talk.Ask($"P{RegisterTable.NumberOf("cr3"):x}=8877665544332211").ShouldBe("E01");
        talk.Ask($"P{RegisterTable.NumberOf("icount"):x}=e803000000000000").ShouldBe("OK", "gdb puts it back as it was told before");
    }

    [Fact]
    public void Inside_of_an_instruction_nothing_is_written()
    {
        using GdbTalk talk = new("vrange-recover");
        talk.Ask("vCont;c").ShouldStartWith("T0a");

        talk.Ask($"M{talk.Register("rsp"):x},2:abcd").ShouldBe("E01");
        talk.Run.Course.Branches.ShouldBe(0);
        talk.Ask("vCont;s:p3e8.3e8");
        talk.Console.ShouldContain("was not written");
    }

    [Fact]
    public void All_registers_can_be_written_as_they_were_read()
    {
        using GdbTalk talk = new("hello");
        talk.Run.Journey.Seek(1000);
        string all = talk.Ask("g");

        talk.Ask("G" + all).ShouldBe("OK");
        talk.Run.Course.Branches.ShouldBe(0, "nothing differs");
        talk.Ask("G" + "1122334455667788" + all[16..]).ShouldBe("OK");
        talk.Register("rax").ShouldBe(0x8877665544332211UL);
        talk.Ask("g").ShouldBe("1122334455667788" + all[16..]);
    }

    [Fact]
    public void A_range_of_code_is_stepped_through_in_one_go()
    {
        using GdbTalk talk = new("hello");
        talk.Run.Journey.Seek(1000);
        ulong rip = talk.Register("rip");

        talk.Ask($"vCont;r{rip & ~0xFFFUL:x},{(rip & ~0xFFFUL) + 0x1000:x}:p3e8.3e8;c").ShouldStartWith("T05");

        (talk.Register("rip") & ~0xFFFUL).ShouldNotBe(rip & ~0xFFFUL);
    }

    [Fact]
    public void Lldb_gets_what_it_asks()
    {
        using GdbTalk talk = new("hello");

        talk.Ask("QThreadSuffixSupported").ShouldBe("OK");
        talk.Ask($"p{RegisterTable.NumberOf("rip"):x};thread:p3e8.3e8;").Length.ShouldBe(16);
        talk.Ask("qHostInfo").ShouldContain("endian:little;");
        talk.Ask("qProcessInfo").ShouldStartWith("pid:3e8;");
        talk.Ask("qMemoryRegionInfo:400010").ShouldStartWith("start:400000;size:1000;permissions:r;");
        talk.Ask("qMemoryRegionInfo:0").ShouldBe("start:0;size:400000;");
        talk.Ask("jThreadsInfo").ShouldBeEmpty();
    }

    [Fact]
    public void A_monitor_line_is_answered_as_console_output()
    {
        using GdbTalk talk = new("hello");

        talk.Ask("qRcmd," + HexText.OfText("seek 100")).ShouldBe("OK");
        talk.Console.ShouldBe("t=100\n");
        talk.Register("icount").ShouldBe(100UL);
        talk.Ask("qRcmd,6").ShouldBe("E16");
        talk.Ask("qRcmd," + HexText.OfText($"walk 0x{talk.Register("rip"):x}"));
        talk.Register("walkaddr").ShouldBe(talk.Register("rip"));
        (talk.Register("pte") & 5).ShouldBe(5UL);
        talk.Register("pa").ShouldBe((talk.Register("pfn") << 12) | (talk.Register("rip") & 0xFFF));
    }
}
