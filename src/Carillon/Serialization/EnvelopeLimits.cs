using Carillon.Configuration;

namespace Carillon;

/// <summary>
/// How large a message may be, sent or received. A message beyond a limit is refused when it is sent, and becomes a dead letter when it
/// is received, before anything in it is parsed. Settings section <c>Carillon:Limits</c>.
/// </summary>
public sealed class EnvelopeLimits
{
    private const string Section = "Carillon:Limits";
    private static readonly SettingRange _bodyBytesRange = new(Section, nameof(BodyBytes), 1024, 64 * 1024 * 1024);
    private static readonly SettingRange _depthRange = new(Section, nameof(Depth), 1, 128);
    private static readonly SettingRange _propertiesRange = new(Section, nameof(Properties), 1, 1_000_000);
    private static readonly SettingRange _headersRange = new(Section, nameof(Headers), 0, 1024);
    private static readonly SettingRange _headerCharactersRange = new(Section, nameof(HeaderCharacters), 64, 65_536);
    private static readonly SettingRange _headersTotalCharactersRange = new(Section, nameof(HeadersTotalCharacters), 64, 1_048_576);
    private static readonly SettingRange _idCharactersRange = new(Section, nameof(IdCharacters), 36, 1024);
    private static readonly SettingRange _sourceCharactersRange = new(Section, nameof(SourceCharacters), 64, 2048);
    private static readonly SettingRange _subjectCharactersRange = new(Section, nameof(SubjectCharacters), 64, 4096);

    /// <summary>The longest key, in characters: 512. The same for everyone, because stored messages rely on it.</summary>
    internal const int KeyCharacters = 512;

    /// <summary>The longest header name that is sent, in characters: 64.</summary>
    internal const int HeaderNameCharacters = 64;

    /// <summary>The largest body, in bytes: 1 KiB to 64 MiB. Default 1 MiB.</summary>
    public int BodyBytes { get; set => field = _bodyBytesRange.Check(value); } = 1024 * 1024;

    /// <summary>How deep a body may nest objects and arrays: 1 to 128. Default 32.</summary>
    public int Depth { get; set => field = _depthRange.Check(value); } = 32;

    /// <summary>How many properties a body may have, all objects in it counted together: 1 to 1,000,000. Default 10,000.</summary>
    public int Properties { get; set => field = _propertiesRange.Check(value); } = 10_000;

    /// <summary>How many headers a message may have: 0 to 1,024. Default 64.</summary>
    public int Headers { get; set => field = _headersRange.Check(value); } = 64;

    /// <summary>The longest name or value of a header, in characters: 64 to 65,536. Default 4,096.</summary>
    public int HeaderCharacters { get; set => field = _headerCharactersRange.Check(value); } = 4096;

    /// <summary>All names and values of a message's headers together, in characters: 64 to 1,048,576. Default 32,768.</summary>
    public int HeadersTotalCharacters { get; set => field = _headersTotalCharactersRange.Check(value); } = 32_768;

    /// <summary>The longest id, correlation id or causation id, in characters: 36 to 1,024. Default 256.</summary>
    public int IdCharacters { get; set => field = _idCharactersRange.Check(value); } = 256;

    /// <summary>The longest source, in characters: 64 to 2,048. Default 512.</summary>
    public int SourceCharacters { get; set => field = _sourceCharactersRange.Check(value); } = 512;

    /// <summary>The longest subject, in characters: 64 to 4,096. Default 1,024.</summary>
    public int SubjectCharacters { get; set => field = _subjectCharactersRange.Check(value); } = 1024;

    /// <summary>Reads the settings of the section <c>Limits</c>.</summary>
    internal void Read(SettingsReader settings)
    {
        _bodyBytesRange.Read(settings, value => BodyBytes = (int)value);
        _depthRange.Read(settings, value => Depth = (int)value);
        _propertiesRange.Read(settings, value => Properties = (int)value);
        _headersRange.Read(settings, value => Headers = (int)value);
        _headerCharactersRange.Read(settings, value => HeaderCharacters = (int)value);
        _headersTotalCharactersRange.Read(settings, value => HeadersTotalCharacters = (int)value);
        _idCharactersRange.Read(settings, value => IdCharacters = (int)value);
        _sourceCharactersRange.Read(settings, value => SourceCharacters = (int)value);
        _subjectCharactersRange.Read(settings, value => SubjectCharacters = (int)value);
    }
}
