namespace Carillon.Serialization;

/// <summary>Which content types are JSON in UTF-8.</summary>
internal static class ContentTypes
{
    /// <summary>Whether the type is <c>application/json</c> or ends in <c>+json</c>, and names no other charset than UTF-8.</summary>
    public static bool IsJson(ReadOnlySpan<char> contentType)
    {
        var end = contentType.IndexOf(';');
        var mediaType = (end < 0 ? contentType : contentType[..end]).Trim();
        return IsJsonMediaType(mediaType) && (end < 0 || IsUtf8(contentType[(end + 1)..]));
    }

    private static bool IsJsonMediaType(ReadOnlySpan<char> mediaType)
    {
        if (mediaType.Equals(JsonMessageSerializer.ContentType, StringComparison.OrdinalIgnoreCase))
            return true;
        const string suffix = "+json";
        return mediaType.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && mediaType.IndexOf('/') is > 0 and var slash && slash < mediaType.Length - suffix.Length - 1;
    }

    private static bool IsUtf8(ReadOnlySpan<char> parameters)
    {
        foreach (var range in parameters.Split(';'))
        {
            var parameter = parameters[range].Trim();
            var equals = parameter.IndexOf('=');
            if (equals < 0 ? !parameter.IsEmpty : parameter[..equals].Trim().Equals("charset", StringComparison.OrdinalIgnoreCase) && !IsUtf8Name(parameter[(equals + 1)..]))
                return false;
        }

        return true;
    }

    private static bool IsUtf8Name(ReadOnlySpan<char> charset) =>
        charset.Trim().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
