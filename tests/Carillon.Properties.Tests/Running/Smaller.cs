namespace Carillon.Properties.Tests.Running;

/// <summary>Makes simpler cases out of one that failed.</summary>
internal static class Smaller
{
    /// <summary>Sequences without some of their elements, large pieces first; then with one element made simpler.</summary>
    public static IEnumerable<T[]> Sequences<T>(T[] elements, Func<T, IEnumerable<T>>? each = null)
    {
        for (var size = elements.Length; size > 0; size /= 2)
        {
            for (var from = 0; from < elements.Length; from += size)
                yield return [.. elements[..from], .. elements[Math.Min(elements.Length, from + size)..]];
        }

        for (var index = 0; each is not null && index < elements.Length; index++)
        {
            foreach (var simpler in each(elements[index]))
                yield return [.. elements[..index], simpler, .. elements[(index + 1)..]];
        }
    }

    /// <summary>Shorter texts.</summary>
    public static IEnumerable<string> Texts(string text) =>
        Sequences(text.ToCharArray()).Take(64).Select(characters => new string(characters));

    /// <summary>Numbers that are closer to zero.</summary>
    public static IEnumerable<long> Numbers(long number)
    {
        for (var left = number; left != 0; left /= 2)
            yield return number - left;
    }
}
