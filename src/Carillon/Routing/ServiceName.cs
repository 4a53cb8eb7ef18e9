namespace Carillon.Routing;

/// <summary>The names of services and of their subscriptions: one word, because the two are joined by a dot.</summary>
internal static class ServiceName
{
    private const int MaxCharacters = 63;

    public static string Check(string name, string what)
    {
        var isWord = name.Length is > 0 and <= MaxCharacters && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return isWord ? name : throw new CarillonConfigurationException(ErrorCodes.InvalidName,
            $"\"{name}\" is not a {what} name: write 1 to {MaxCharacters} letters, digits, '-' or '_'.");
    }
}
