namespace Carillon.Tidy;

public sealed class ReadmeTwinRuleTests : RuleTests<ReadmeTwinRule>
{
    private const string Chinese = "[English](README.md) | 简体中文\n# 名\n## 用\n```bash\n./test.sh\n```\n";
    private static readonly (string, string) English = ("README.md", "English | [简体中文](README.zh-CN.md)\n# Name\n## Use\n```bash\n./test.sh\n```\n");

    [Theory]
    [InlineData("[English](README.md)", "English", 1, "the first line")]
    [InlineData("## 用", "### 用", 1, "headings differ")]
    [InlineData("./test.sh", "./test.sh --all", 4, "differs from README.md:4")]
    [InlineData("```bash\n./test.sh\n```\n", "", 1, "0 blocks")]
    public void Check_ShouldSayWhatDiffers_WhenTwinsAreNotAlike(string there, string here, int line, string advice) =>
        AssertFinds("README.zh-CN.md", line, advice, English, ("README.zh-CN.md", Chinese.Replace(there, here, StringComparison.Ordinal)));

    [Fact]
    public void Check_ShouldAskForATranslation_WhenThereIsNone() =>
        AssertFinds("README.md", 1, "translate", English);

    [Fact]
    public void Check_ShouldFindNothing_WhenTwinsAreAlike() =>
        AssertFindsNothing(English, ("README.zh-CN.md", Chinese));
}
