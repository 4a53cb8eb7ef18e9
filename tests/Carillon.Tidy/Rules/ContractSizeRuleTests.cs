namespace Carillon.Tidy;

public sealed class ContractSizeRuleTests : RuleTests<ContractSizeRule>
{
    [Fact]
    public void Check_ShouldCountAllTypesTogether_WhenTransportAsksForThirteen() =>
        AssertFinds("src/X/T.cs", 1, "13 members", ("src/X/T.cs", $$"""
            public interface ITransport : IAsyncDisposable { {{Members(5)}} }
            public interface ITransportSender { {{Members(3)}} }
            public interface ITransportReceiver { {{Members(2)}} }
            public abstract class Delivery { public abstract void Acknowledge(); public abstract void Return(); public void Free() { } }
            """));

    [Fact]
    public void Check_ShouldNameTheStore_WhenItAsksForSixteen() =>
        AssertFinds("src/X/S.cs", 2, "IInboxStore asks for 16", ("src/X/S.cs", $"interface IOther {{ {Members(9)} }}\npublic interface IInboxStore : IOther {{ {Members(7)} }}"));

    [Fact]
    public void Check_ShouldFindNothing_WhenMembersHaveABody() =>
        AssertFindsNothing(("src/X/S.cs", $"public interface IInboxStore {{ {Members(15)} int Size => 0; void Clear() {{ }} static void Make() {{ }} }}"));

    private static string Members(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"void M{i}(); "));
}
