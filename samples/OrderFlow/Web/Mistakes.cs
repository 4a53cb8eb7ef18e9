using System.Net.Mail;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderFlow.Web;

/// <summary>Everything that is wrong with a request, so that one answer can say it all.</summary>
internal sealed class Mistakes
{
    private const int MaxText = 100;

    private readonly Dictionary<string, string[]> _byPath = new(StringComparer.Ordinal);

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => _byPath.Count > 0;

    /// <summary>Notes what is wrong with the value at a path.</summary>
    public void Add(string path, string mistake) => _byPath[path] = [mistake];

    /// <summary>Asks for a short text without control characters.</summary>
    public void CheckText(string path, string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxText || text.Any(char.IsControl))
            Add(path, $"must be a text of 1 to {MaxText} characters");
    }

    /// <summary>Asks for an e-mail address.</summary>
    public void CheckEmail(string path, string? text)
    {
        if (text is not { Length: <= MaxText } || text.Any(char.IsControl) || !MailAddress.TryCreate(text, out var address) || address.Address != text)
            Add(path, "must be an e-mail address, such as ada@example.com");
    }

    /// <summary>The answer: status 400.</summary>
    public ProblemHttpResult ToProblem() => TypedResults.Problem(new HttpValidationProblemDetails(_byPath)
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "The request is not valid",
        Detail = string.Join("; ", _byPath.Select(mistake => $"{mistake.Key} {mistake.Value[0]}")),
    });
}
