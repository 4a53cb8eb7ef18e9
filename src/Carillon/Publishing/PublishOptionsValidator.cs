using System.Buffers;
using Carillon.Serialization;
using Carillon.Transports;

namespace Carillon.Publishing;

/// <summary>Refuses what a publisher may not say about a message, naming the option.</summary>
internal sealed class PublishOptionsValidator(EnvelopeLimits limits)
{
    private static readonly SearchValues<char> _headerNameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidPublishOptions"/>.</exception>
    public void Check(PublishOptions options)
    {
        CheckId(nameof(options.Id), options.Id);
        CheckId(nameof(options.CorrelationId), options.CorrelationId);
        CheckText(nameof(options.Subject), options.Subject, limits.SubjectCharacters);
        if (options.Destination is not null && !TopicPattern.IsTopic(options.Destination))
            throw Refuse($"{nameof(options.Destination)} is not the name of a service: letters, digits, '-', '_' and dots.");
        if (options.Priority > Priority.High)
            throw Refuse($"{nameof(options.Priority)} is unknown: use Low, Normal or High.");
        if (options.TimeToLive <= TimeSpan.Zero)
            throw Refuse($"{nameof(options.TimeToLive)} is {options.TimeToLive}: it must be longer than nothing.");
        if (options.Overload is not (null or OverloadBehavior.Wait or OverloadBehavior.Throw))
            throw Refuse($"{nameof(options.Overload)} is unknown: use Wait or Throw.");
        if (options.Headers is { } headers)
            CheckHeaders(headers);
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidPublishOptions"/>.</exception>
    public static void CheckKey(string? key, MessageDefinition definition)
    {
        if (key is null)
            return;
        if (key.Length is 0 or > EnvelopeLimits.KeyCharacters || IsUnsafe(key))
            throw Refuse($"The key of {definition.Name} must have 1 to {EnvelopeLimits.KeyCharacters} characters without control characters and halves of surrogate pairs, but has {key.Length}.");
    }

    private void CheckHeaders(IReadOnlyDictionary<string, string> headers)
    {
        if (headers.Count > limits.Headers)
            throw Refuse($"There are {headers.Count} headers; the limit is {limits.Headers}.");
        var characters = 0L;
        foreach (var (name, value) in headers)
        {
            CheckHeaderName(name);
            if (value is null || value.Length > limits.HeaderCharacters || IsUnsafe(value))
                throw Refuse($"The header {name} must have a value of at most {limits.HeaderCharacters} characters without control characters and halves of surrogate pairs.");
            characters += name.Length + value.Length;
        }

        if (characters > limits.HeadersTotalCharacters)
            throw Refuse($"The headers have {characters} characters together; the limit is {limits.HeadersTotalCharacters}.");
    }

    private static void CheckHeaderName(string name)
    {
        if (name.Length is 0 or > EnvelopeLimits.HeaderNameCharacters || name.AsSpan().ContainsAnyExcept(_headerNameCharacters))
            throw Refuse($"A header is called \"{Visible(name)}\": use 1 to {EnvelopeLimits.HeaderNameCharacters} characters of a-z, 0-9 and '-'.");
        if (name.StartsWith("car-", StringComparison.Ordinal) || name.StartsWith("ce-", StringComparison.Ordinal))
            throw Refuse($"The header {name} begins with car- or ce-, which is reserved.");
    }

    private void CheckId(string option, EventId id)
    {
        if (!id.TryGetUuid(out _))
            CheckText(option, id.IsEmpty ? null : id.ToString(), limits.IdCharacters);
    }

    private static void CheckText(string option, string? text, int limit)
    {
        if (text is not null && (text.Length == 0 || text.Length > limit || IsUnsafe(text)))
            throw Refuse($"{option} must have 1 to {limit} characters without control characters and halves of surrogate pairs, but has {text.Length}.");
    }

    private static bool IsUnsafe(string text) => text.AsSpan().ContainsAny(AttributeInspector.Control) || !StorableText.IsStorable(text);

    private static string Visible(string name) =>
        StorableText.Show(string.Concat(name.Take(EnvelopeLimits.HeaderNameCharacters).Select(c => char.IsControl(c) ? '?' : c)));

    private static CarillonException Refuse(string message) => new(ErrorCodes.InvalidPublishOptions, message);
}
