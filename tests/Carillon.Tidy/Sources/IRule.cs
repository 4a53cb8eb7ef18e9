namespace Carillon.Tidy;

/// <summary>A rule about the code. It looks at text only, so that a test can plant a violation.</summary>
public interface IRule
{
    IEnumerable<Violation> Check(SourceTree tree);
}
