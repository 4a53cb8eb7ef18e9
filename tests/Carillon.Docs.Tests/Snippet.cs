namespace Carillon.Docs.Tests;

/// <summary>A block of C# on a page of the documentation.</summary>
/// <param name="Page">The page, from the root of the repository.</param>
/// <param name="Line">The line of its first line of code.</param>
/// <param name="Code">The code.</param>
public sealed record Snippet(string Page, int Line, string Code)
{
    public override string ToString() => $"{Page}:{Line}";
}
