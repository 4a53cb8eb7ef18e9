using System.Globalization;

namespace Carillon.Properties.Tests.Generating;

/// <summary>
/// Makes a culture the one of this code and of every thread, writers in the background included, until it is disposed. Tests that use it are
/// in <see cref="CultureCollection"/>, which runs alone.
/// </summary>
internal sealed class CultureScope : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;
    private readonly CultureInfo? _beforeOfThreads = CultureInfo.DefaultThreadCurrentCulture;

    /// <param name="name">One of <see cref="Cultures.Names"/>.</param>
    public CultureScope(string name)
    {
        var culture = Cultures.Named(name);
        (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (culture, culture);
    }

    public void Dispose() => (CultureInfo.CurrentCulture, CultureInfo.DefaultThreadCurrentCulture) = (_before, _beforeOfThreads);
}
