namespace Carillon.Tidy;

public sealed class OneTypePerFileRuleTests : RuleTests<OneTypePerFileRule>
{
    [Theory]
    [InlineData("namespace N;\nclass B;", 2)]
    [InlineData("namespace N;\nclass A;\nclass B;", 3)]
    [InlineData("namespace N { class A { }\nenum B { X } }", 2)]
    [InlineData("namespace N;\nclass A;\ndelegate void B();", 3)]
    public void Check_ShouldNameTheType_WhenFileIsNotNamedAfterIt(string text, int line) =>
        AssertFinds("src/X/A.cs", line, "a file named B.cs", ("src/X/A.cs", text));

    [Theory]
    [InlineData("A.cs", "class A { class B { } }")]
    [InlineData("A.Execute.cs", "partial class A { }")]
    [InlineData("A.cs", "class A { }\nclass A<T> : A { }\nclass BigA : A { }\nenum AKind { X }\nfile class C { }")]
    [InlineData("CallDelegates.cs", "delegate void Call();\ndelegate void Answer();")]
    [InlineData("AssemblyAttributes.cs", "[assembly: System.CLSCompliant(false)]")]
    public void Check_ShouldFindNothing_WhenTheOthersBelongToTheFirst(string file, string text) =>
        AssertFindsNothing(("src/X/" + file, text));
}
