"""Make nbs/fonts/stix-two-math.woff2 anew: what formulas need of STIX Two Math, an eighth of it.

    pip install fonttools brotli && python .ci/math_font.py

Needed only when a formula has a character that is not in RANGES; the font is committed, and its licence (OFL 1.1).
"""
import subprocess
from pathlib import Path
from web import package

RANGES = """20-7E A0 A8 AC AF-B4 B7 D7 F7 131 237 2C6-2C7 2D8-2D9 2DC 300-308 30A 30C 332 338 391-3C9 3D1 3D5 3F5
    2009-200A 2013-2014 2016 2020 2022 2026 2032-2034 203E 2061-2064 20D7 2102 210E 2112 2115 211D 2124 2190-2194 21A6
    21D0 21D2 21D4 2200 2202-2203 2205 2207-2209 220B 220F 2211-2213 2216-221A 221D-221E 2223 2225 2227-222B 2236 223C
    2243 2245 2248 2260-2261 2264-2265 226A-226B 2282-2283 2286-2287 2295 2297 2299 22A4-22A5 22C5 22EE-22EF 22F1
    2308-230B 2322 23DE-23DF 27E8-27E9 1D400-1D467 1D49C-1D4B5 1D53C-1D53D 1D6A8-1D71B 1D7CE-1D7D9""".split()

fonts = Path(__file__).parent.parent/'nbs'/'fonts'
whole = package('@fontsource/stix-two-math')/'files'/'stix-two-math-latin-400-normal.woff2'
subprocess.run(['pyftsubset', whole, '--unicodes=' + ','.join(RANGES), '--layout-features=ssty,ccmp,kern,mark,mkmk',
                '--flavor=woff2', '--no-hinting', '--desubroutinize', f'--output-file={fonts}/stix-two-math.woff2'],
               check=True)
